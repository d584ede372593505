using System.Globalization;
using Npgsql;
using Pgvector;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Postgres;

/// <summary>
/// Search in the database. Candidates come by pgvector's HNSW index; where the gallery is small, where a filter leaves few subjects, and where the
/// index gives too few, they come by an exact scan, so that no filter starves a result. Cosines are computed here from the embeddings as enrolled.
/// </summary>
internal sealed class VectorSearch(PostgresSession session, TemplateCodec codec, int embeddingSize, TimeProvider clock)
{
    /// <summary>A table of vectors below this size is scanned faster than its index is walked, and without loss.</summary>
    private const long SmallTableBytes = 2 << 20;

    /// <summary>So few subjects are compared one by one.</summary>
    private const int FewSubjects = 2000;

    /// <summary>The widest that pgvector searches an index.</summary>
    private const int WidestSearch = 1000;

    /// <summary>Candidates in one answer of the server, over all probes.</summary>
    private const int RowsAtOnce = 4096;

    private readonly string _s = session.Location.Schema + ".";
    private Version? _pgvector;

    /// <summary>Finds the nearest subjects.</summary>
    /// <param name="probes">count × embedding size floats.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most subjects per probe.</param>
    /// <param name="filter">Which subjects.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public SubjectMatch[][] Search(float[] probes, int count, int top, GalleryFilter filter, CancellationToken cancellationToken) => session.Read(
        connection => Search(connection, probes, count, top, filter, cancellationToken), cancellationToken);

    private SubjectMatch[][] Search(
        NpgsqlConnection connection, float[] probes, int count, int top, GalleryFilter filter, CancellationToken cancellationToken)
    {
        Vector[] units = [.. Enumerable.Range(0, count).Select(i => UnitVector.Of(Probe(probes, i)))];
        var results = new SubjectMatch[count][];
        bool few = IsFew(connection, filter);
        int depth = Math.Max(2 * top, top + 16);
        Look(few ? Enumerable.Range(0, count) : Enumerable.Range(0, count).Where(i => !IsZero(units[i])), depth, few);
        Look(Enumerable.Range(0, count).Where(i => results[i] is null), depth, exact: true);
        return results;

        void Look(IEnumerable<int> which, int limit, bool exact)
        {
            // A person with many templates may crowd the list: then look deeper, and at last at all.
            int[] open = [.. which];
            while (open.Length > 0)
            {
                var deeper = new List<int>();
                foreach (int[] chunk in open.Chunk(Math.Clamp(RowsAtOnce / limit, 1, 256)))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    List<Candidate>[] found = Candidates(connection, [.. chunk.Select(i => units[i])], limit, exact, filter, cancellationToken);
                    for (int i = 0; i < chunk.Length; i++)
                    {
                        (SubjectMatch[] matches, float worst) = Rank(Probe(probes, chunk[i]), found[i], top, filter);
                        bool all = found[i].Count < limit;
                        if (matches.Length == top || worst < filter.MinCosine || (all && exact))
                        {
                            results[chunk[i]] = matches;
                        }
                        else if (!all)
                        {
                            deeper.Add(chunk[i]);
                        }
                    }
                }

                limit *= 4;
                open = exact || limit <= WidestSearch ? [.. deeper] : [];
            }
        }
    }

    /// <summary>Whether an exact scan is the better way: no index, a small table, or a filter that leaves few.</summary>
    private bool IsFew(NpgsqlConnection connection, GalleryFilter filter)
    {
        _pgvector ??= VectorTable.RequireExtension(connection, session.Location, embeddingSize);
        if (!VectorTable.IsIndexed(embeddingSize) || (long)Sql.Value(connection, "SELECT pg_table_size($1::text::regclass)", _s + "vectors")! < SmallTableBytes)
        {
            return true;
        }

        return filter.Metadata.Count > 0 && (long)Sql.Value(
            connection,
            $"SELECT count(*) FROM (SELECT 1 FROM {_s}subjects WHERE metadata @> $1 LIMIT {FewSubjects + 1}) few",
            Sql.Json(SubjectMetadata.ToJson(filter.Metadata)))! <= FewSubjects;
    }

    private List<Candidate>[] Candidates(NpgsqlConnection connection, Vector[] probes, int limit, bool exact, GalleryFilter filter, CancellationToken cancellationToken)
    {
        bool filtered = filter.Metadata.Count > 0;

        // Only the cosine distance <=> is indexed; at unit length the inner product <#> gives the same order.
        string order = exact ? "v.embedding <#> q.probe, v.template_id" : "v.embedding <=> q.probe";
        string type = VectorTable.TypeOf(embeddingSize);
        NpgsqlBatchCommand query = Sql.Part(
            $"""
            SELECT q.place, t.id, t.subject_id, n.name, t.source, t.digest, t.template
            FROM (SELECT u.probe::{type} AS probe, u.place FROM unnest($1::vector[]) WITH ORDINALITY AS u (probe, place)) q
            CROSS JOIN LATERAL (
                SELECT v.template_id FROM {_s}vectors v JOIN {_s}subjects s ON s.id = v.subject_id
                WHERE (s.expires IS NULL OR s.expires > $2){(filtered ? " AND s.metadata @> $4" : "")}
                ORDER BY {order} LIMIT $3) c
            CROSS JOIN LATERAL (SELECT * FROM {_s}templates WHERE id = c.template_id LIMIT 1) t
            CROSS JOIN LATERAL (SELECT name FROM {_s}subjects WHERE id = t.subject_id LIMIT 1) n
            """,
            filtered ? [probes, Ticks.Of(clock.GetUtcNow()), (long)limit, Sql.Json(SubjectMetadata.ToJson(filter.Metadata))] : [probes, Ticks.Of(clock.GetUtcNow()), (long)limit]);
        var found = new List<Candidate>[probes.Length];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = [];
        }

        using NpgsqlBatch batch = Sql.Batch(connection, Settings(limit, exact), query);
        batch.Timeout = 0;
        using NpgsqlDataReader reader = Sql.Read(batch, cancellationToken);
        reader.NextResult();
        while (reader.Read())
        {
            (long id, string subject, byte[] digest) = (reader.GetInt64(1), reader.GetString(3), reader.GetFieldValue<byte[]>(5));
            float[] embedding = codec.Read(id, subject, digest, reader.GetFieldValue<byte[]>(6));
            found[reader.GetInt64(0) - 1].Add(new Candidate(id, reader.GetInt64(2), subject, reader.GetString(4), embedding));
        }

        return found;
    }

    /// <summary>What holds for the next statement of the same batch alone.</summary>
    private NpgsqlBatchCommand Settings(int limit, bool exact)
    {
        int width = Math.Min(WidestSearch, Math.Max(limit, session.Location.Hnsw.SearchWidth));
        string sql = "SELECT set_config('jit', 'off', true)";
        if (!exact)
        {
            sql += ", set_config('enable_seqscan', 'off', true), set_config('hnsw.ef_search', $1, true)";
            if (VectorTable.ScansOn(_pgvector!))
            {
                sql += ", set_config('hnsw.iterative_scan', 'relaxed_order', true)";
            }
        }

        return exact ? Sql.Part(sql) : Sql.Part(sql, width.ToString(CultureInfo.InvariantCulture));
    }

    private static (SubjectMatch[] Matches, float Worst) Rank(ReadOnlySpan<float> probe, List<Candidate> candidates, int top, GalleryFilter filter)
    {
        var scored = new List<(float Cosine, Candidate Candidate)>(candidates.Count);
        foreach (Candidate candidate in candidates)
        {
            scored.Add((UnitVector.Cosine(probe, candidate.Embedding), candidate));
        }

        scored.Sort(static (a, b) => a.Cosine != b.Cosine ? b.Cosine.CompareTo(a.Cosine) : a.Candidate.Id.CompareTo(b.Candidate.Id));
        var seen = new HashSet<long>();
        var matches = new List<SubjectMatch>();
        foreach ((float cosine, Candidate c) in scored)
        {
            if (matches.Count < top && cosine >= filter.MinCosine && seen.Add(c.SubjectId))
            {
                matches.Add(new SubjectMatch(c.Subject, c.SubjectId, cosine, c.Id, c.Source));
            }
        }

        return ([.. matches], scored.Count > 0 ? scored[^1].Cosine : float.MaxValue);
    }

    private ReadOnlySpan<float> Probe(float[] probes, int i) => probes.AsSpan(i * embeddingSize, embeddingSize);

    private static bool IsZero(Vector vector) => !vector.Memory.Span.ContainsAnyExcept(0f);

    private readonly record struct Candidate(long Id, long SubjectId, string Subject, string Source, float[] Embedding);
}

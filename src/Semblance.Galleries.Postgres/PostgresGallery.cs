using Npgsql;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Postgres;

/// <summary>
/// A gallery in PostgreSQL (14 or later) with pgvector (0.5 or later), the one for many servers: any number of processes may read and write it at
/// once; writers take turns. A database may hold many galleries, each in a schema of its own.
/// </summary>
/// <remarks>
/// Searches run in the database by pgvector's HNSW index over cosines, as vector up to 2,000 floats and as halfvec up to 4,000; the candidates are
/// scored anew by the embeddings as enrolled. Above 4,000 floats, below 2 MB of vectors, where a filter leaves at most 2,000 subjects, and where the
/// index gives too few, the database scans all vectors instead, so that no filter starves a result. An encrypted gallery has no vectors in the
/// database: each process searches exactly in memory, and brings its index up to date before each search. All ways see what was acknowledged before.
/// </remarks>
public sealed class PostgresGallery : IGallery
{
    private static readonly Version LeastServer = new(14, 0);

    /// <summary>Seconds that a removal waits for transactions that began before, so that their rows can be erased.</summary>
    private const int MostPatience = 5;

    private readonly PostgresSession _session;
    private readonly GalleryOptions _options;
    private readonly DateTimeOffset _created;
    private readonly SubjectRows _subjects;
    private readonly CurrentIndex _index;
    private readonly Erasure _erasure;
    private readonly Lock _typesTurn = new();
    private volatile bool _knowsVectors;
    private volatile TemplateCodec _codec;
    private volatile TemplateKeyRing? _keys;
    private volatile VectorSearch _search;
    private volatile GallerySettings _settings;

    private PostgresGallery(PostgresSession session, GalleryOptions options, GalleryMeta meta, bool knowsVectors)
    {
        (_session, _options, Model, _created, _settings, _keys, _knowsVectors) =
            (session, options, meta.Model, meta.Created, meta.Settings, options.Keys, knowsVectors);
        _subjects = new SubjectRows(session.Location);
        _erasure = new Erasure(session, Model.EmbeddingSize, TimeSpan.FromSeconds(Math.Min(MostPatience, options.BusyTimeoutSeconds)));
        (_codec, _search) = With(options.Keys);
        _index = new CurrentIndex((last, cancellationToken) => _session.ReadMoment(connection => Refresh(connection, last, cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public string Location => _session.Location.Display;

    /// <inheritdoc/>
    public GalleryModel Model { get; }

    /// <inheritdoc/>
    public GallerySettings Settings => _settings;

    /// <inheritdoc/>
    public bool IsEncrypted => _session.ReadState().Encryption.IsComplete;

    /// <summary>Opens a gallery for a model; makes it where it is missing (the database must be there), and brings one of an older schema up to date.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="model">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">
    /// The server cannot be reached, refuses, or has no such database or no pgvector; the gallery is of another model, of a newer program, or under a
    /// key that is not given.
    /// </exception>
    public static PostgresGallery Open(PostgresLocation location, GalleryModel model, GalleryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new GalleryOptions();
        return Open(location, model, options, create: !options.ReadOnly);
    }

    /// <summary>Opens a gallery for a model; makes it where it is missing (the database must be there), and brings one of an older schema up to date.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="card">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">As the other.</exception>
    public static PostgresGallery Open(PostgresLocation location, ModelCard card, GalleryOptions? options = null) => Open(location, GalleryModel.Of(card), options);

    /// <summary>Opens a gallery that must be there. One of an older schema is brought up to date, unless it may only be read.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="model">The model to compare with; null to look in without one.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">The gallery is missing, or as with <see cref="Open(PostgresLocation, GalleryModel, GalleryOptions?)"/>.</exception>
    public static PostgresGallery OpenExisting(PostgresLocation location, GalleryModel? model = null, GalleryOptions? options = null) =>
        Open(location, model, options ?? new GalleryOptions(), create: false);

    private static PostgresGallery Open(PostgresLocation location, GalleryModel? model, GalleryOptions options, bool create)
    {
        ArgumentNullException.ThrowIfNull(location);
        options.Validate();
        var session = new PostgresSession(location, options);
        try
        {
            bool made = session.Read(connection => Prepare(connection, location, create ? model : null, options));
            if (made)
            {
                session.Renew();
            }

            (GalleryMeta meta, GalleryState state) = session.Read(connection => (GalleryMeta.Read(connection, location), session.ReadState(connection)));
            if (model is not null)
            {
                meta.Model.Require(model, location.Display);
            }

            state.Encryption.Require(options.Keys, location.Display);
            return new PostgresGallery(session, options, meta, state.Encryption.KeyId is null);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Configure(GallerySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        _session.WriteBeside(connection =>
        {
            GalleryMeta.Write(connection, _session.Location, settings);
            return true;
        });
        _settings = settings;
    }

    /// <inheritdoc/>
    public GalleryInfo Describe() => _session.Read(connection =>
    {
        using NpgsqlCommand command = Sql.Command(connection, $"SELECT (SELECT count(*) FROM {_session.S}subjects), (SELECT count(*) FROM {_session.S}templates)");
        using NpgsqlDataReader reader = command.ExecuteReader();
        reader.Read();
        return new GalleryInfo(Location, Model, reader.GetInt64(0), reader.GetInt64(1), _created);
    });

    /// <inheritdoc/>
    public EnrolmentOutcome Enrol(IReadOnlyList<NewTemplate> batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (NewTemplate template in batch)
        {
            template.Validate(Model, Location);
        }

        return batch.Count == 0
            ? new EnrolmentOutcome(0, 0, [])
            : WithExternalIds(batch.Where(t => t.Details is not null).Select(t => (t.Subject, t.Details!)), () => _session.Write(
                (connection, state) =>
                {
                    KnowVectors(connection, state);
                    return new Enrolment(connection, state, _session.Location, _codec, _options.Clock).Add(batch, cancellationToken);
                },
                cancellationToken));
    }

    /// <inheritdoc/>
    public IReadOnlyList<bool> AreEnrolled(IReadOnlyList<TemplateKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return _session.Read(connection =>
        {
            bool[] enrolled = new bool[keys.Count];
            using NpgsqlCommand command = Sql.Command(
                connection,
                $"""
                SELECT k.place FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS k (name, digest, place)
                WHERE EXISTS (SELECT 1 FROM {_session.S}subjects s JOIN {_session.S}templates t ON t.subject_id = s.id WHERE s.name = k.name AND t.digest = k.digest)
                """,
                keys.Select(key => key.Subject).ToArray(),
                keys.Select(key => key.Digest).ToArray());
            using NpgsqlDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                enrolled[reader.GetInt64(0) - 1] = true;
            }

            return enrolled;
        });
    }

    /// <inheritdoc/>
    public GallerySubject? Find(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return _session.Read(connection => _subjects.Find(connection, "name", subject));
    }

    /// <inheritdoc/>
    public GallerySubject? FindExternal(string externalId)
    {
        ArgumentNullException.ThrowIfNull(externalId);
        return _session.Read(connection => _subjects.Find(connection, "external_id", externalId));
    }

    /// <inheritdoc/>
    public void Update(string subject, SubjectDetails details)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(details);
        details.Validate();
        int updated = WithExternalIds([(subject, details)], () => _session.Write((connection, state) =>
        {
            using NpgsqlBatch update = Sql.Batch(connection, _subjects.Update(subject, details, state.Revision));
            return update.ExecuteNonQuery();
        }));
        if (updated == 0)
        {
            throw Unknown(subject);
        }
    }

    /// <inheritdoc/>
    public void MarkSeen(IReadOnlyCollection<string> subjects, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(subjects);

        // A search has no use for last-seen times: the revision stays, and writers need not wait. Rows are locked in one order, so that two
        // servers that mark the same people do not lock each other out.
        _session.WriteBeside(connection => Sql.Run(
            connection,
            $"""
            UPDATE {_session.S}subjects SET last_seen = $2 WHERE id IN (
                SELECT id FROM {_session.S}subjects WHERE name = ANY ($1) AND (last_seen IS NULL OR last_seen < $2) ORDER BY id FOR UPDATE)
            """,
            Sql.Texts(subjects),
            Ticks.Of(at)));
    }

    /// <inheritdoc/>
    /// <remarks>See <see cref="Remove"/> for what is erased.</remarks>
    public IReadOnlyList<string> RemoveExpired(DateTimeOffset now)
    {
        (List<string> expired, bool owed) = _session.Write((connection, state) =>
        {
            var names = new List<string>();
            using (NpgsqlCommand command = Sql.Command(
                connection, $"SELECT name FROM {_session.S}subjects WHERE expires <= $1 ORDER BY id FOR UPDATE", Ticks.Of(now)))
            {
                using NpgsqlDataReader reader = command.ExecuteReader();
                while (reader.Read())
                {
                    names.Add(reader.GetString(0));
                }
            }

            Delete(connection, names);
            return (names, state.ErasureOwed > 0 || names.Count > 0);
        });
        if (owed)
        {
            Erase();
        }

        expired.Sort(CompareUtf8);
        return expired;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The subject's rows are deleted, their room in the tables is vacuumed and written over with zeros, the index zeroes its copies, table subjects
    /// is rewritten with its indexes, and the server is asked for a checkpoint: that takes time in proportion to the size of the index, and readers
    /// wait while subjects is rewritten (above 1,500 floats an embedding also while templates is). Where a transaction that began before goes on for
    /// more than some seconds (an export), or sessions of other users hide what they see (grant pg_read_all_stats), the rest is owed: the next removal
    /// or <see cref="RemoveExpired"/> does it. Bytes stay in the server's write-ahead log until its segments are recycled and written over, in its
    /// archive, on replicas until they have replayed, and in backups: those are the administrator's (checkpoints, pg_switch_wal, retention).
    /// </remarks>
    public int Remove(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        int? removed = _session.Write<int?>((connection, _) =>
        {
            long? templates = (long?)Sql.Value(
                connection, $"SELECT count(t.id) FROM {_session.S}subjects s LEFT JOIN {_session.S}templates t ON t.subject_id = s.id WHERE s.name = $1 GROUP BY s.id", subject);
            if (templates is not null)
            {
                Delete(connection, [subject]);
            }

            return (int?)templates;
        });
        if (removed is null)
        {
            throw Unknown(subject);
        }

        Erase();
        return removed.Value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GallerySubject> List(string? after = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _session.Read(connection => _subjects.Page(connection, after, limit));
    }

    /// <inheritdoc/>
    public IEnumerable<GalleryTemplate> ReadTemplates(CancellationToken cancellationToken = default)
    {
        NpgsqlConnection connection = _session.Open(cancellationToken: cancellationToken);
        using TemplateReader reader = _session.Guarded(() => TemplateReader.Start(connection, _session.Location, _codec, owned: connection));
        while (_session.Guarded(reader.Next) is { } template)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return template;
        }
    }

    /// <inheritdoc/>
    public SubjectMatch[][] Search(
        ReadOnlySpan<float> probes, int count, int top, GalleryFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (probes.Length != count * Model.EmbeddingSize)
        {
            throw new ArgumentException($"{count} probes have {probes.Length} floats, {count * Model.EmbeddingSize} expected.", nameof(probes));
        }

        foreach (float value in probes)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException("A probe holds a value that is no finite number.", nameof(probes));
            }
        }

        if (count == 0)
        {
            return [];
        }

        GalleryState state = _session.Read(
            connection =>
            {
                GalleryState now = _session.ReadState(connection);
                KnowVectors(connection, now);
                return now;
            },
            cancellationToken);
        if (state.HasVectors)
        {
            try
            {
                return _search.Search(probes.ToArray(), count, top, filter ?? new GalleryFilter(), cancellationToken);
            }
            catch (SemblanceException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
            {
                // Somebody has begun to encrypt the gallery since.
            }
        }

        return _index.Get(cancellationToken).SearchBatch(probes, count, top, filter, cancellationToken);
    }

    /// <inheritdoc/>
    public long ChangeKeys(TemplateKeyRing? keys, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // Until all are written again this object reads and writes under both.
        TemplateKeyRing? both = keys is null ? _keys : keys.With(_keys);
        _keys = both;
        (_codec, _search) = With(both);
        long rewritten = new KeyChange(_session, _codec, Model.EmbeddingSize, keys?.FirstId).Run(progress, cancellationToken);
        _knowsVectors |= keys is null;
        _erasure.Run();
        return rewritten;
    }

    /// <inheritdoc/>
    public GalleryIndex LoadIndex(CancellationToken cancellationToken = default) => _index.Get(cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _index.Dispose();
        _session.Dispose();
    }

    /// <returns>Whether tables were made or changed.</returns>
    private static bool Prepare(NpgsqlConnection connection, PostgresLocation location, GalleryModel? create, GalleryOptions options)
    {
        if (connection.PostgreSqlVersion < LeastServer)
        {
            throw new SemblanceException($"gallery {location}: the server is PostgreSQL {connection.PostgreSqlVersion}, {LeastServer.Major} is the least that is supported; update it.");
        }

        int version = GalleryTables.Recognise(connection, location);
        if (version == GalleryTables.Version)
        {
            return false;
        }

        if (version == 0 && create is null)
        {
            throw new SemblanceException($"gallery {location} is missing; make one with 'semblance enroll'.");
        }

        if (options.ReadOnly)
        {
            throw new SemblanceException($"gallery {location} has schema {version} and is to be read only; open it once for writing (any 'semblance enroll') to bring it to schema {GalleryTables.Version}.");
        }

        GalleryTables.Prepare(connection, location, create, options.Keys, options.Clock.GetUtcNow());
        return true;
    }

    private (TemplateCodec Codec, VectorSearch Search) With(TemplateKeyRing? keys)
    {
        var codec = new TemplateCodec(Model.EmbeddingSize, keys, Location);
        return (codec, new VectorSearch(_session, codec, Model.EmbeddingSize, _options.Clock));
    }

    /// <summary>A gallery that was encrypted when it was opened may have met pgvector since: then this pool does not know its types.</summary>
    private void KnowVectors(NpgsqlConnection connection, GalleryState state)
    {
        if (_knowsVectors || state.Encryption.KeyId is not null)
        {
            return;
        }

        lock (_typesTurn)
        {
            connection.ReloadTypes();
            _session.Forget();
            _knowsVectors = true;
        }
    }

    private void Delete(NpgsqlConnection connection, IReadOnlyCollection<string> names)
    {
        if (names.Count > 0)
        {
            Sql.RunLong(connection, $"DELETE FROM {_session.S}subjects WHERE name = ANY ($1)", Sql.Texts(names));
            Sql.Run(connection, $"UPDATE {_session.S}state SET removals = removals + 1, erasure_owed = revision");
        }
    }

    private void Erase()
    {
        _index.Forget();
        _erasure.Run();
    }

    private T WithExternalIds<T>(IEnumerable<(string Subject, SubjectDetails Details)> changes, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SemblanceException e) when (e.InnerException is PostgresException p && SubjectRows.IsExternalIdTaken(p))
        {
            var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach ((string subject, SubjectDetails details) in changes.Where(c => c.Details.ExternalId is { Length: > 0 }))
            {
                wanted[details.ExternalId!] = subject;
            }

            throw _session.Read(connection => _subjects.ExternalIdTaken(connection, wanted, p));
        }
    }

    /// <summary>The index as the tables stand now: the last one, the last one with what is new, or all anew where something was removed.</summary>
    private GalleryIndex Refresh(NpgsqlConnection connection, GalleryIndex? last, CancellationToken cancellationToken)
    {
        GalleryState state = _session.ReadState(connection);
        if (last is not null && last.Removals == state.Removals)
        {
            if (last.Revision == state.Revision)
            {
                return last;
            }

            List<GallerySubject> changed = _subjects.ChangedSince(connection, last.Revision);
            using TemplateReader beyond = TemplateReader.Start(connection, _session.Location, _codec, last.LastTemplateId);
            return last.With(changed, beyond.Rest(), state.Revision, cancellationToken);
        }

        List<GallerySubject> subjects = _subjects.ChangedSince(connection, -1);
        using TemplateReader all = TemplateReader.Start(connection, _session.Location, _codec);
        return GalleryIndex.Load(Model.EmbeddingSize, subjects, all.Rest(), state.Revision, state.Removals, _options.Clock, cancellationToken);
    }

    private SemblanceException Unknown(string subject) => SubjectName.Unknown(subject, Location, limit => List(limit: limit));

    private static int CompareUtf8(string a, string b) =>
        System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b));
}

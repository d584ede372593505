using Npgsql;

namespace Semblance.Galleries.Postgres;

/// <summary>
/// Table vectors: embeddings at unit length in pgvector's types, with an HNSW index over their cosine. It serves only to find candidates;
/// the embeddings as enrolled are the bytes in table templates. Encrypted galleries have no such table.
/// </summary>
internal static class VectorTable
{
    /// <summary>The longest that pgvector's HNSW takes as float32 (vector) and as float16 (halfvec), and the longest halfvec.</summary>
    private const int LongestIndexedFull = 2000, LongestIndexedHalf = 4000, Longest = 16_000;

    /// <summary>The least pgvector: HNSW came with 0.5.0; halfvec with 0.7.0.</summary>
    private static readonly Version Hnsw = new(0, 5), Half = new(0, 7), Iterative = new(0, 8);

    /// <summary>The type of the column.</summary>
    public static string TypeOf(int embeddingSize) => embeddingSize <= LongestIndexedFull ? "vector" : "halfvec";

    /// <summary>Whether a search may go by the index; above 4,000 dimensions pgvector has none.</summary>
    public static bool IsIndexed(int embeddingSize) => embeddingSize <= LongestIndexedHalf;

    /// <summary>Whether a vector lies in its row: a page of 8 KiB takes the longest that is indexed.</summary>
    public static bool IsInline(int embeddingSize) => IsIndexed(embeddingSize);

    /// <summary>Whether pgvector goes on searching while a filter holds back what was found (hnsw.iterative_scan).</summary>
    public static bool ScansOn(Version version) => version >= Iterative;

    /// <summary>The version of pgvector in this database.</summary>
    /// <exception cref="SemblanceException">There is none, or one that is too old.</exception>
    public static Version RequireExtension(NpgsqlConnection connection, PostgresLocation location, int embeddingSize)
    {
        string? text = Sql.Value(connection, "SELECT extversion FROM pg_extension WHERE extname = 'vector'") as string;
        Version version = System.Version.TryParse(text, out Version? parsed) ? parsed : new Version(0, 0);
        Version least = embeddingSize <= LongestIndexedFull ? Hnsw : Half;
        return version >= least ? version : throw new SemblanceException(text is null
            ? $"gallery {location}: the database has lost its extension vector; run 'CREATE EXTENSION vector' as an administrator."
            : $"gallery {location}: the database has pgvector {text}, {embeddingSize}-d embeddings need {least}; update it and run 'ALTER EXTENSION vector UPDATE'.");
    }

    /// <summary>Makes extension, table and index where they are missing.</summary>
    public static void Create(NpgsqlConnection connection, PostgresLocation location, int embeddingSize)
    {
        if (embeddingSize > Longest)
        {
            throw new SemblanceException($"gallery {location}: embeddings have {embeddingSize} floats, pgvector takes up to {Longest}; encrypt the gallery (its search goes without pgvector) or use another store.");
        }

        CreateExtension(connection, location);
        RequireExtension(connection, location, embeddingSize);
        string s = location.Schema, type = TypeOf(embeddingSize);
        Sql.Run(connection, $"""
            CREATE TABLE IF NOT EXISTS {s}.vectors (
                template_id bigint PRIMARY KEY REFERENCES {s}.templates ON DELETE CASCADE DEFERRABLE,
                subject_id bigint NOT NULL,
                embedding {type}({embeddingSize}) NOT NULL
            ) WITH (fillfactor = {GalleryTables.FillFactor});
            ALTER TABLE {s}.vectors ALTER embedding SET STORAGE {GalleryTables.Storage(IsInline(embeddingSize))}, ALTER embedding SET STATISTICS 0;
            CREATE INDEX IF NOT EXISTS vectors_subject ON {s}.vectors (subject_id);
            """);
        if (IsIndexed(embeddingSize))
        {
            Sql.Run(connection, $"""
                CREATE INDEX IF NOT EXISTS vectors_hnsw ON {s}.vectors USING hnsw (embedding {type}_cosine_ops)
                    WITH (m = {location.Hnsw.Links}, ef_construction = {location.Hnsw.BuildWidth})
                """);
        }
    }

    private static void CreateExtension(NpgsqlConnection connection, PostgresLocation location)
    {
        if (Sql.Value(connection, "SELECT 1 FROM pg_extension WHERE extname = 'vector'") is not null)
        {
            return;
        }

        try
        {
            Sql.Run(connection, "CREATE EXTENSION IF NOT EXISTS vector");
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFile)
        {
            throw new SemblanceException(
                $"gallery {location}: the server has no pgvector; install it (Debian: postgresql-NN-pgvector) and try again, or make an encrypted gallery, which needs none.", e);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SemblanceException($"gallery {location}: the user may not add pgvector to the database; run 'CREATE EXTENSION vector' as an administrator once.", e);
        }
    }
}

using Microsoft.Data.Sqlite;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Sqlite;

/// <summary>
/// A gallery in one SQLite file (with -wal and -shm beside it while open). Write-ahead log and full synchronisation: what was acknowledged
/// survives a crash or a power cut, and readers go on while another process writes. Removed faces are overwritten with zeros.
/// </summary>
public sealed class SqliteGallery : IGallery
{
    private readonly SqliteConnection _writer;
    private readonly Lock _turn = new();
    private readonly SqliteGalleryOptions _options;
    private readonly DateTimeOffset _created;

    private SqliteGallery(string path, SqliteGalleryOptions options, SqliteConnection writer, GalleryModel model, DateTimeOffset created) =>
        (Location, _options, _writer, Model, _created) = (path, options, writer, model, created);

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public GalleryModel Model { get; }

    /// <summary>Opens a gallery for a model; makes the file (and its folder) where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="card">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">The file is no gallery, of another model, of a newer program, damaged, locked, or cannot be written.</exception>
    public static SqliteGallery Open(string path, ModelCard card, SqliteGalleryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(card);
        options ??= new SqliteGalleryOptions();
        if (options.ReadOnly || (File.Exists(path) && new FileInfo(path).Length > 0))
        {
            return OpenExisting(path, card, options);
        }

        return Open(path, GalleryModel.Of(card), options, create: true);
    }

    /// <summary>Opens a gallery that must be there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="card">The model to compare with; null to look in without one.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">The file is missing, no gallery, of another model, of a newer program, damaged or locked.</exception>
    public static SqliteGallery OpenExisting(string path, ModelCard? card = null, SqliteGalleryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new SemblanceException($"{path} is a folder; expected a gallery file.");
        }

        if (!File.Exists(path))
        {
            throw new SemblanceException($"gallery {path} is missing; make one with 'semblance enroll'.");
        }

        return Open(path, card is null ? null : GalleryModel.Of(card), options ?? new SqliteGalleryOptions(), create: false);
    }

    private static SqliteGallery Open(string path, GalleryModel? model, SqliteGalleryOptions options, bool create)
    {
        if (options.BusyTimeoutSeconds is < 1 or > 3600)
        {
            throw new UsageException($"busy timeout is {options.BusyTimeoutSeconds} s; expected 1 to 3600.");
        }

        SqliteConnection? connection = null;
        try
        {
            if (create)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }

            connection = Connect(path, options, create ? SqliteOpenMode.ReadWriteCreate : options.ReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite);
            if (create)
            {
                Execute(connection, "PRAGMA journal_mode = WAL");
                GallerySchema.CreateIfEmpty(connection, model!);
            }

            (GalleryModel stored, DateTimeOffset created) = GallerySchema.Read(connection, path);
            if (model is not null)
            {
                stored.Require(model, path);
            }

            return new SqliteGallery(path, options, connection, stored, created);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            throw e switch
            {
                SqliteException s => SqliteFailure.Explain(path, s),
                IOException or UnauthorizedAccessException => new SemblanceException($"gallery {path} cannot be made: {e.Message}", e),
                _ => e,
            };
        }
    }

    /// <inheritdoc/>
    public GalleryInfo Describe() => Read(connection =>
    {
        using SqliteCommand command = Command(connection, "SELECT (SELECT count(*) FROM subjects), (SELECT count(*) FROM templates)");
        using SqliteDataReader reader = command.ExecuteReader();
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

        return Write(transaction =>
        {
            var already = new List<int>();
            int newSubjects = 0;
            using SqliteCommand addSubject = Command(
                transaction, "INSERT INTO subjects (name, created) VALUES ($name, $created) ON CONFLICT (name) DO NOTHING", "$name", "$created");
            using SqliteCommand addTemplate = Command(
                transaction,
                """
                INSERT INTO templates (subject_id, embedding, source, digest, created)
                SELECT id, $embedding, $source, $digest, $created FROM subjects WHERE name = $name
                ON CONFLICT (subject_id, digest) DO NOTHING
                """,
                "$name", "$embedding", "$source", "$digest", "$created");
            for (int i = 0; i < batch.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                NewTemplate template = batch[i];
                string created = Timestamp.Write(template.Created ?? DateTimeOffset.UtcNow);
                newSubjects += Run(addSubject, template.Subject, created);
                if (Run(addTemplate, template.Subject, EmbeddingBlob.Write(template.Embedding), template.Source, template.Digest, created) == 0)
                {
                    already.Add(i);
                }
            }

            return new EnrolmentOutcome(batch.Count - already.Count, newSubjects, already);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<bool> AreEnrolled(IReadOnlyList<TemplateKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return Read(connection =>
        {
            bool[] enrolled = new bool[keys.Count];
            using SqliteCommand command = Command(
                connection,
                "SELECT 1 FROM templates WHERE digest = $digest AND subject_id = (SELECT id FROM subjects WHERE name = $name)",
                "$digest", "$name");
            for (int i = 0; i < keys.Count; i++)
            {
                command.Parameters[0].Value = keys[i].Digest;
                command.Parameters[1].Value = keys[i].Subject;
                enrolled[i] = command.ExecuteScalar() is not null;
            }

            return enrolled;
        });
    }

    /// <inheritdoc/>
    /// <remarks>While another process reads, the old bytes may stay in the -wal file until that reader ends and the log is next emptied.</remarks>
    public int Remove(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        int? removed = Write<int?>(transaction =>
        {
            using SqliteCommand count = Command(
                transaction, "SELECT count(t.id) FROM subjects s LEFT JOIN templates t ON t.subject_id = s.id WHERE s.name = $name GROUP BY s.id", "$name");
            count.Parameters[0].Value = subject;
            if (count.ExecuteScalar() is not long templates)
            {
                return null;
            }

            using SqliteCommand remove = Command(transaction, "DELETE FROM subjects WHERE name = $name", "$name");
            Run(remove, subject);
            return (int)templates;
        });
        if (removed is null)
        {
            string? near = NameSuggestion.Closest(subject, List(limit: 10_000).Select(s => s.Name));
            throw new SemblanceException($"gallery {Location} has no subject '{subject}'{(near is null ? "." : $"; did you mean '{near}'?")}");
        }

        EmptyLog();
        return removed.Value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GallerySubject> List(string? after = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return Read(connection =>
        {
            using SqliteCommand command = Command(
                connection,
                """
                SELECT s.id, s.name, (SELECT count(*) FROM templates t WHERE t.subject_id = s.id), s.created
                FROM subjects s WHERE $after IS NULL OR s.name > $after ORDER BY s.name LIMIT $limit
                """,
                "$after", "$limit");
            command.Parameters[0].Value = (object?)after ?? DBNull.Value;
            command.Parameters[1].Value = limit;
            var page = new List<GallerySubject>();
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                page.Add(new GallerySubject(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), Timestamp.Read(reader.GetString(3))));
            }

            return page;
        });
    }

    /// <inheritdoc/>
    public IEnumerable<GalleryTemplate> ReadTemplates(CancellationToken cancellationToken = default)
    {
        using TemplateReader reader = Guarded(() => TemplateReader.Start(Connect(), Location, Model.EmbeddingSize));
        while (Guarded(reader.Next) is { } template)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return template;
        }
    }

    /// <inheritdoc/>
    public GalleryIndex LoadIndex(CancellationToken cancellationToken = default) =>
        GalleryIndex.Load(Model.EmbeddingSize, ReadTemplates(cancellationToken), cancellationToken);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            _writer.Dispose();
        }
    }

    private T Write<T>(Func<SqliteTransaction, T> work)
    {
        if (_options.ReadOnly)
        {
            throw new SemblanceException($"gallery {Location} was opened for reading only.");
        }

        lock (_turn)
        {
            return Guarded(() =>
            {
                // Immediate: waits for its turn at the start instead of failing at the first write.
                using SqliteTransaction transaction = _writer.BeginTransaction(deferred: false);
                T result = work(transaction);
                transaction.Commit();
                return result;
            });
        }
    }

    private T Read<T>(Func<SqliteConnection, T> work) => Guarded(() =>
    {
        using SqliteConnection connection = Connect();
        return work(connection);
    });

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.Explain(Location, e);
        }
    }

    /// <summary>Moves the log into the file and cuts it to nothing, so that erased bytes are gone from both. Waits for no reader.</summary>
    private void EmptyLog()
    {
        lock (_turn)
        {
            Guarded(() => Execute(_writer, "PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)"));
        }
    }

    private SqliteConnection Connect() => Connect(Location, _options, _options.ReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite);

    private static SqliteConnection Connect(string path, SqliteGalleryOptions options, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = options.BusyTimeoutSeconds,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static int Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, sql);
        return command.ExecuteNonQuery();
    }

    private static int Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteTransaction transaction, string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = Command(transaction.Connection!, sql, parameters);
        command.Transaction = transaction;
        return command;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }
}

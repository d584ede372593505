using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>A gallery's file: one connection that writes, taking turns, connections that read, and the erasure of what was removed.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly GalleryOptions _options;
    private readonly bool _immutable;
    private readonly Lock _turn = new();
    private readonly SqliteConnection _writer;
    private string _prepare = "";
    private volatile bool _logHoldsErased;

    private SqliteFile(string path, GalleryOptions options, bool immutable, SqliteConnection writer) =>
        (Path, _options, _immutable, _writer) = (path, options, immutable, writer);

    public string Path { get; }

    /// <summary>Opens the file, makes its tables where asked to and brings older ones up to date where it may write.</summary>
    public static SqliteFile Open(string path, GalleryModel? create, GalleryOptions options)
    {
        SqliteFile? file = null;
        try
        {
            if (create is not null)
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            }

            SqliteOpenMode mode = create is not null ? SqliteOpenMode.ReadWriteCreate : options.ReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite;
            bool immutable = options.ReadOnly && IsOnReadOnlyDisk(path);
            file = new SqliteFile(path, options, immutable, Connect(path, options, mode, immutable));
            file.Prepare(create);
            return file;
        }
        catch (Exception e)
        {
            file?.Dispose();
            throw e switch
            {
                SqliteException s => SqliteFailure.Explain(path, s),
                IOException or UnauthorizedAccessException => new SemblanceException($"gallery {path} cannot be made: {e.Message}", e),
                _ => e,
            };
        }
    }

    /// <summary>A connection that reads; the caller's.</summary>
    public SqliteConnection Connect()
    {
        SqliteConnection connection = Connect(Path, _options, _options.ReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite, _immutable);
        try
        {
            Sql.Execute(connection, null, _prepare);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads on a connection of its own.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        T result = Guarded(() =>
        {
            using SqliteConnection connection = Connect();
            return work(connection);
        });
        RetryEmptyingLog();
        return result;
    }

    /// <summary>Writes in one transaction, alone.</summary>
    public T Write<T>(Func<SqliteTransaction, T> work)
    {
        if (_options.ReadOnly)
        {
            throw new SemblanceException($"gallery {Path} was opened for reading only.");
        }

        lock (_turn)
        {
            T result = Guarded(() =>
            {
                // Immediate: waits for its turn at the start instead of failing at the first write.
                using SqliteTransaction transaction = _writer.BeginTransaction(deferred: false);
                T result = work(transaction);
                transaction.Commit();
                return result;
            });
            if (_logHoldsErased)
            {
                EmptyLog();
            }

            return result;
        }
    }

    /// <summary>
    /// Writes the file anew from what is alive in it and empties the log. Zeroing what is deleted is not enough: SQLite moves rows between
    /// pages when it balances its trees and leaves copies where they lay. The debt is noted with the removal, so that after a crash the next
    /// process that opens the file pays it.
    /// </summary>
    public void Erase()
    {
        lock (_turn)
        {
            try
            {
                Sql.Execute(_writer, null, "VACUUM");
                using SqliteTransaction transaction = _writer.BeginTransaction(deferred: false);
                GalleryMeta.OweErasure(transaction, owed: false);
                transaction.Commit();
            }
            catch (SqliteException e) when (SqliteFailure.IsBusy(e))
            {
                // Another process writes; the debt stays noted, and the next removal or opening pays it.
            }
            catch (SqliteException e)
            {
                throw new SemblanceException(
                    $"gallery {Path}: the removal is stored, but the file could not be written anew to erase all traces ({e.Message}); make room on its disk and the temporary one, then run 'semblance gallery purge'.", e);
            }

            EmptyLog();
        }
    }

    public T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.Explain(Path, e);
        }
    }

    /// <summary>To be called when a reader has ended that may have kept the log from being emptied.</summary>
    public void RetryEmptyingLog()
    {
        if (_logHoldsErased && _turn.TryEnter())
        {
            try
            {
                EmptyLog();
            }
            finally
            {
                _turn.Exit();
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _writer.Dispose();
        }
    }

    private void Prepare(GalleryModel? create)
    {
        // A process killed while it made the gallery leaves a database without tables.
        if (create is not null && GallerySchema.IsMissing(_writer))
        {
            // Seven 512-d embeddings to a page; of the usual 4 KB a page holds one and wastes the rest.
            Sql.Execute(_writer, null, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL");
            GallerySchema.CreateIfEmpty(_writer, create, _options.Keys, _options.Clock.GetUtcNow());
        }

        if (GallerySchema.Recognise(_writer, Path) < GallerySchema.Version)
        {
            if (_options.ReadOnly)
            {
                _prepare = GallerySchema.VersionOneAsTwo;
                Sql.Execute(_writer, null, _prepare);
            }
            else
            {
                GallerySchema.Migrate(_writer, Path);
            }
        }

        if (!_options.ReadOnly && GalleryMeta.Read(_writer, null, Path).OwesErasure)
        {
            Erase();
        }
    }

    /// <summary>Moves the log into the file and cuts it to nothing, so that erased bytes are gone from both. Waits for no reader.</summary>
    private void EmptyLog()
    {
        using SqliteCommand command = Sql.Command(_writer, null, "PRAGMA wal_checkpoint(TRUNCATE)");
        int patience = _writer.DefaultTimeout;
        try
        {
            Sql.Execute(_writer, null, "PRAGMA busy_timeout = 0");
            // A row (busy, frames in the log, frames moved): a reader of this or another process may keep the log.
            command.CommandTimeout = 1;
            using SqliteDataReader reader = command.ExecuteReader();
            _logHoldsErased = !reader.Read() || reader.GetInt64(0) != 0;
        }
        catch (SqliteException e) when (SqliteFailure.IsBusy(e))
        {
            _logHoldsErased = true;
        }
        finally
        {
            Sql.Execute(_writer, null, $"PRAGMA busy_timeout = {1000 * patience}");
        }
    }

    /// <summary>On a disk that cannot be written SQLite can make no shared memory for its log; without a log there is nothing to share.</summary>
    private static bool IsOnReadOnlyDisk(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (log is { Exists: true, Length: > 0 })
        {
            return false;
        }

        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static SqliteConnection Connect(string path, GalleryOptions options, SqliteOpenMode mode, bool immutable)
    {
        string full = System.IO.Path.GetFullPath(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = immutable ? $"{new Uri(full).AbsoluteUri}?immutable=1" : full,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = options.BusyTimeoutSeconds,
        }.ToString());
        try
        {
            connection.Open();
            Sql.Execute(connection, null, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

using Npgsql;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres;

/// <summary>
/// Connections to the database (Npgsql's pool), transactions, and what happens when a connection is lost: work whose commit was not yet sent
/// was not done and is tried once more on a new connection, so that a server which restarts between two uses goes unnoticed.
/// </summary>
internal sealed class PostgresSession : IDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly GalleryOptions _options;

    public PostgresSession(PostgresLocation location, GalleryOptions options)
    {
        (Location, _options) = (location, options);
        var builder = new NpgsqlDataSourceBuilder(location.ConnectionString(commandTimeoutSeconds: options.BusyTimeoutSeconds + 60));
        builder.UseVector();
        _source = builder.Build();
    }

    public PostgresLocation Location { get; }

    /// <summary>The schema with a dot behind it.</summary>
    public string S => Location.Schema + ".";

    /// <summary>Runs reading statements on a connection.</summary>
    public T Read<T>(Func<NpgsqlConnection, T> work, CancellationToken cancellationToken = default) =>
        Attempt(writing: false, (connection, _) => work(connection), cancellationToken);

    /// <summary>Runs statements that see the state of one moment.</summary>
    public T ReadMoment<T>(Func<NpgsqlConnection, T> work, CancellationToken cancellationToken = default) => Attempt(
        writing: false,
        (connection, _) =>
        {
            using NpgsqlTransaction transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            T result = work(connection);
            transaction.Commit();
            return result;
        },
        cancellationToken);

    /// <summary>Writes in one transaction, alone: takes its turn by changing table state, whose row every writer changes first.</summary>
    /// <param name="work">Given the state as this transaction makes it, with its own revision.</param>
    /// <param name="cancellationToken">Ends the waiting for the turn.</param>
    public T Write<T>(Func<NpgsqlConnection, GalleryState, T> work, CancellationToken cancellationToken = default) => InTransaction(
        connection =>
        {
            using NpgsqlBatch turn = Sql.Batch(
                connection, LockTimeout(), Sql.Part($"UPDATE {S}state SET revision = revision + 1 RETURNING {GalleryState.Columns}"));
            GalleryState state;
            using (NpgsqlDataReader reader = Sql.Read(turn, cancellationToken))
            {
                reader.NextResult();
                state = reader.Read()
                    ? GalleryState.Of(reader)
                    : throw new SemblanceException($"gallery {Location} is damaged: its table state is empty.");
            }

            return work(connection, state);
        },
        cancellationToken);

    /// <summary>Writes in one transaction without waiting for other writers, except those of the same rows.</summary>
    public T WriteBeside<T>(Func<NpgsqlConnection, T> work) => InTransaction(connection =>
    {
        using NpgsqlBatch timeout = Sql.Batch(connection, LockTimeout());
        timeout.ExecuteNonQuery();
        return work(connection);
    });

    /// <summary>Runs statements that cannot be in a transaction.</summary>
    public void Maintain(Action<NpgsqlConnection> work) => Attempt(writing: true, (connection, _) =>
    {
        work(connection);
        return true;
    });

    /// <summary>The state, in no transaction.</summary>
    public GalleryState ReadState() => Read(ReadState);

    /// <summary>The state as a connection sees it.</summary>
    public GalleryState ReadState(NpgsqlConnection connection)
    {
        using NpgsqlCommand command = Sql.Command(connection, $"SELECT {GalleryState.Columns} FROM {S}state");
        using NpgsqlDataReader reader = command.ExecuteReader();
        return reader.Read() ? GalleryState.Of(reader) : throw new SemblanceException($"gallery {Location} is damaged: its table state is empty.");
    }

    /// <summary>A connection to keep for a while; the caller disposes it.</summary>
    public NpgsqlConnection Open(bool writing = false, CancellationToken cancellationToken = default)
    {
        try
        {
            return _source.OpenConnectionAsync(cancellationToken).AsTask().ConfigureAwait(false).GetAwaiter().GetResult();
        }
        catch (NpgsqlException e)
        {
            throw PostgresFailure.Explain(Location, e, opening: true, writing);
        }
    }

    /// <summary>Explains failures of work on a connection of <see cref="Open"/>.</summary>
    public T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NpgsqlException e)
        {
            throw PostgresFailure.Explain(Location, e);
        }
    }

    /// <summary>Forgets pooled connections and what they know of the database's types.</summary>
    public void Renew()
    {
        _source.Clear();
        using NpgsqlConnection connection = Open();
        Guarded(() =>
        {
            connection.ReloadTypes();
            return true;
        });
    }

    /// <summary>Forgets pooled connections; those in use are closed when they come back.</summary>
    public void Forget() => _source.Clear();

    public void Dispose() => _source.Dispose();

    private NpgsqlBatchCommand LockTimeout() => Sql.Part("SELECT set_config('lock_timeout', $1, true)", $"{_options.BusyTimeoutSeconds}s");

    private T InTransaction<T>(Func<NpgsqlConnection, T> work, CancellationToken cancellationToken = default)
    {
        RequireWritable();
        return Attempt(
            writing: true,
            (connection, attempt) =>
            {
                using NpgsqlTransaction transaction = connection.BeginTransaction(System.Data.IsolationLevel.ReadCommitted);
                T result = work(connection);

                // From here on nobody knows whether a lost connection took the commit with it: no second try.
                attempt.IsFinal = true;
                transaction.Commit();
                return result;
            },
            cancellationToken);
    }

    private void RequireWritable()
    {
        if (_options.ReadOnly)
        {
            throw new SemblanceException($"gallery {Location} was opened for reading only.");
        }
    }

    private T Attempt<T>(bool writing, Func<NpgsqlConnection, Attempted, T> work, CancellationToken cancellationToken = default)
    {
        var attempt = new Attempted();
        while (true)
        {
            using NpgsqlConnection connection = Open(writing, cancellationToken);
            try
            {
                return work(connection, attempt);
            }
            catch (NpgsqlException e) when (!attempt.IsFinal && PostgresFailure.IsBroken(e))
            {
                attempt.IsFinal = true;
                _source.Clear();
            }
            catch (NpgsqlException e)
            {
                throw PostgresFailure.Explain(Location, e, opening: false, writing);
            }
        }
    }

    private sealed class Attempted
    {
        public bool IsFinal { get; set; }
    }
}

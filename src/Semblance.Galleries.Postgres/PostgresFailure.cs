using System.Net.Sockets;
using Npgsql;

namespace Semblance.Galleries.Postgres;

/// <summary>Turns PostgreSQL's error codes (appendix A of its manual) and lost connections into what a person can act on.</summary>
internal static class PostgresFailure
{
    /// <summary>Whether the connection is gone or never came about, or the server asks to try again: what was not yet committed was not done.</summary>
    public static bool IsBroken(Exception e) => e switch
    {
        PostgresException p => p.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected || p.SqlState.StartsWith("08", StringComparison.Ordinal),
        // Not where the server took too long: it would take as long once more.
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException n => n.InnerException is IOException or SocketException or ObjectDisposedException || n.IsTransient,
        _ => false,
    };

    /// <summary>What to tell.</summary>
    /// <param name="location">The gallery, without password.</param>
    /// <param name="e">What happened.</param>
    /// <param name="opening">Whether a connection was being opened: then nothing was begun.</param>
    /// <param name="writing">Whether something was being written.</param>
    public static SemblanceException Explain(PostgresLocation location, NpgsqlException e, bool opening = false, bool writing = false) => new(
        e switch
        {
            PostgresException p => Explain(location, p),
            _ when opening && e.InnerException is not (IOException or SocketException or TimeoutException) => $"gallery {location}: {Reason(e)}.",
            _ when opening => $"gallery {location} cannot be reached: {Reason(e)}; is the server running, and are host and port right?",
            _ when IsTimeout(e) => $"gallery {location}: the server took too long to answer; try again when it is less busy.{(writing ? Again : "")}",
            _ => $"gallery {location}: the connection to the database was lost ({Reason(e)}).{(writing ? Again : "")}",
        },
        e);

    private const string Again = " What was acknowledged before is stored; run the same again for the rest.";

    private static string Explain(PostgresLocation location, PostgresException p) => p.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"gallery {location}: the server refused user or password; check both (the password comes from the address, PGPASSWORD or .pgpass).",
        PostgresErrorCodes.InvalidCatalogName => $"gallery {location}: the server has no such database; make it with 'createdb' or name another.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"gallery {location}: the user may not do this ({p.MessageText}); to make a gallery it needs CREATE on the database, to use one the tables of its schema {location.Schema}.",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"gallery {location}: this server takes no writes (a standby?); name the primary.",
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled =>
            $"gallery {location} is locked by another that is writing, or the server took too long; try again when it has finished.",
        PostgresErrorCodes.DiskFull => $"gallery {location} cannot grow: the server's disk is full; nothing of this batch was stored.",
        PostgresErrorCodes.OutOfMemory => $"gallery {location}: the server is out of memory ({p.MessageText}); nothing of this batch was stored.",
        PostgresErrorCodes.TooManyConnections => $"gallery {location}: the server has no connection to spare; close others or raise its max_connections.",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            $"gallery {location} is damaged ({p.MessageText}); restore the database from a copy.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn =>
            $"gallery {location} is damaged or was taken away: {p.MessageText}.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            $"gallery {location}: the server is going down or coming up ({p.MessageText}).{Again}",
        _ => $"gallery {location}: {p.MessageText} ({p.SqlState}).",
    };

    private static bool IsTimeout(NpgsqlException e) => e.InnerException is TimeoutException;

    private static string Reason(NpgsqlException e)
    {
        Exception innermost = e;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost.Message.TrimEnd('.');
    }
}

using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Turns what a server or the driver says into what a person can act on.</summary>
internal static class RedisFailure
{
    private const string Refused =
        $"the server refuses user or password; put them into the location (redis://user:password@host/…), or the password into {RedisLocation.PasswordVariable}";

    /// <summary>Whether an exception comes from the server or the way to it.</summary>
    public static bool IsOne(Exception e) => e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException
        || (e is AggregateException { InnerException: { } inner } && IsOne(inner));

    /// <summary>Whether the server was not there to answer, so that asking it more would only take time.</summary>
    public static bool IsSilence(Exception e) => e is RedisConnectionException or TimeoutException || (e is AggregateException { InnerException: { } inner } && IsSilence(inner));

    public static SemblanceException Explain(string location, Exception e)
    {
        Exception cause = e is AggregateException { InnerException: { } inner } ? inner : e;
        string why = cause switch
        {
            RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
                Refused,
            RedisServerException server => Answer(server.Message),
            RedisConnectionException connection when IsAuthentication(connection) =>
                Refused,
            RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect } =>
                "the server cannot be reached; see whether it runs, and whether host, port and TLS (rediss://) are right",
            RedisConnectionException or ObjectDisposedException =>
                "the connection to the server was lost; what was acknowledged is kept, do the rest again once the server is back",
            TimeoutException => "the server does not answer in time; what was acknowledged is kept, do the rest again",
            _ => cause.Message.TrimEnd('.'),
        };
        return new SemblanceException($"gallery {location}: {why.ReplaceLineEndings(" ")}.", e);
    }

    /// <summary>Whether a server lacks vector sets, or has them switched off.</summary>
    public static bool IsMissingCommand(RedisServerException e) =>
        e.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("not enabled", StringComparison.OrdinalIgnoreCase);

    private static bool IsAuthentication(Exception? e) =>
        e is not null && (e.Message.Contains("WRONGPASS", StringComparison.Ordinal) || e.Message.Contains("NOAUTH", StringComparison.Ordinal)
            || e.Message.Contains("AuthenticationFailure", StringComparison.Ordinal) || IsAuthentication(e.InnerException));

    private static string Answer(string message) => message.Split(' ')[0] switch
    {
        "NOAUTH" or "WRONGPASS" => Refused,
        "NOPERM" => $"the server's access list forbids what is needed ({message})",
        "READONLY" => "the server is a replica that only reads; give the primary",
        "OOM" => "the server's memory is full (maxmemory); nothing of this batch was stored",
        "EXECABORT" => "the server has refused the change, as one does whose memory is full (maxmemory); nothing of this batch was stored",
        "MISCONF" => "the server cannot write its disk and refuses changes; nothing of this batch was stored",
        "LOADING" => "the server is still loading its data; try again in a moment",
        "CLUSTERDOWN" => "the cluster has no machine for a part of the keys; look at CLUSTER INFO",
        "WRONGTYPE" => "a key of that name belongs to another program; choose another gallery name",
        _ => $"the server says '{message}'",
    };
}

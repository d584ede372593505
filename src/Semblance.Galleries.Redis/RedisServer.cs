using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// The connection to a server or cluster, and what its kind makes different: Redis 8 and Garnet build vector sets by the same commands, but
/// make what they acknowledged durable, and forget what was deleted, each in its own way.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    private const int MaxWaitMilliseconds = 600_000;

    private readonly ConnectionMultiplexer _connection;
    private readonly RedisLocation _location;
    private readonly bool _canWaitForLog;

    private RedisServer(ConnectionMultiplexer connection, RedisLocation location)
    {
        (_connection, _location) = (connection, location);
        Database = connection.GetDatabase(location.Database);
        string info = Text(Primaries().First(), "INFO", "server");
        IsGarnet = info.Contains("garnet_version", StringComparison.OrdinalIgnoreCase);
        Version = Field(info, "garnet_version") ?? Field(info, "redis_version") ?? "?";
        string? log = Setting("appendonly"), fsync = Setting("appendfsync");
        LogsChanges = log is null ? null : log == "yes";
        Evicts = Setting("maxmemory-policy")?.StartsWith("allkeys", StringComparison.Ordinal) == true && Setting("maxmemory") is not (null or "0");
        SavesSnapshots = Setting("save") is { Length: > 0 };
        
        // A server that leaves it to the system when the log reaches the disk has nothing to wait for.
        _canWaitForLog = !IsGarnet && LogsChanges != false && fsync != "no" && System.Version.TryParse(Version, out Version? version) && version >= new Version(7, 2);
        LogsEveryChange = _canWaitForLog || IsGarnet || fsync == "always";
        HasVectorSets = Probe("VCARD");
    }

    public IDatabase Database { get; }

    public bool IsGarnet { get; }

    public string Version { get; }

    /// <summary>Whether vector sets are there and switched on.</summary>
    public bool HasVectorSets { get; }

    /// <summary>Whether changes go to a log on disk; null where the server does not tell.</summary>
    public bool? LogsChanges { get; }

    /// <summary>Whether the log can be on disk before a change is acknowledged.</summary>
    public bool LogsEveryChange { get; }

    /// <summary>Whether the server throws any keys away when its memory is full.</summary>
    public bool Evicts { get; }

    private bool SavesSnapshots { get; }

    public static RedisServer Connect(RedisLocation location)
    {
        ConnectionMultiplexer? connection = null;
        try
        {
            connection = ConnectionMultiplexer.Connect(location.ToOptions());
            return new RedisServer(connection, location);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            throw RedisFailure.IsOne(e) ? RedisFailure.Explain(location.ToString(), e) : e;
        }
    }

    /// <summary>Waits for commands that were sent together.</summary>
    /// <param name="tasks">The commands.</param>
    /// <param name="cancellationToken">Ends the waiting; the commands may run all the same.</param>
    public static T[] All<T>(IEnumerable<Task<T>> tasks, CancellationToken cancellationToken = default) =>
        Task.WhenAll(tasks).WaitAsync(cancellationToken).GetAwaiter().GetResult();

    /// <summary>Runs work and explains what the server says to it.</summary>
    public T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (RedisFailure.IsOne(e))
        {
            throw RedisFailure.Explain(_location.ToString(), e);
        }
    }

    /// <summary>Returns when all changes made on this connection are in the log on disk, where the server can tell.</summary>
    /// <param name="keys">Keys on all machines that matter.</param>
    public void Confirm(IEnumerable<RedisKey> keys)
    {
        if (LogsChanges == false || !(IsGarnet || _canWaitForLog))
        {
            return;
        }

        foreach (IServer server in Homes(keys))
        {
            if (IsGarnet)
            {
                server.Execute("COMMITAOF");
            }
            else if ((long)((RedisResult[])server.Execute("WAITAOF", "1", "0", ((int)_location.Timeout.TotalMilliseconds / 2).ToString(CultureInfo.InvariantCulture))!)[0] < 1)
            {
                throw new TimeoutException("The log was not written in time.");
            }
        }
    }

    /// <summary>
    /// Makes the server write its files anew, so that what was deleted is no longer in them: a checkpoint, after which Garnet drops the log's
    /// older segments; the rewriting of the log and a snapshot, as far as it keeps them, on Redis.
    /// </summary>
    /// <param name="keys">Keys on all machines that matter.</param>
    /// <returns>Whether the server did so; false where it does not allow it.</returns>
    public bool RewriteFiles(IEnumerable<RedisKey> keys)
    {
        try
        {
            foreach (IServer server in Homes(keys))
            {
                if (IsGarnet)
                {
                    server.Execute("SAVE");
                }
                else
                {
                    if (LogsChanges != false)
                    {
                        Background(server, "BGREWRITEAOF", "aof_rewrite_in_progress", "aof_rewrite_scheduled");
                    }

                    if (SavesSnapshots)
                    {
                        Background(server, "BGSAVE", "rdb_bgsave_in_progress", "rdb_bgsave_in_progress");
                    }
                }
            }

            return true;
        }
        catch (RedisServerException)
        {
            // A hosted server that forbids it, or one at work on a file already: the debt stays noted and the next removal tries again.
            return false;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static void Background(IServer server, string command, string running, string scheduled)
    {
        var waited = Stopwatch.StartNew();
        Wait();
        server.Execute(command);
        Wait();

        // One that was under way may have begun before the removal, so it does not count.
        void Wait()
        {
            while (true)
            {
                string info = Text(server, "INFO", "persistence");
                if (Field(info, running) is null or "0" && Field(info, scheduled) is null or "0")
                {
                    return;
                }

                if (waited.ElapsedMilliseconds > MaxWaitMilliseconds)
                {
                    throw new TimeoutException("The server is rewriting its files for too long.");
                }

                Thread.Sleep(20);
            }
        }
    }

    private IEnumerable<IServer> Primaries() => _connection.GetServers().Where(server => server.IsConnected && !server.IsReplica);

    private List<IServer> Homes(IEnumerable<RedisKey> keys) =>
    [
        .. keys.Select(key => Database.IdentifyEndpoint(key, CommandFlags.DemandMaster)
                ?? throw new RedisConnectionException(ConnectionFailureType.SocketClosed, CommandFlags.None, "A machine of the gallery is not connected."))
            .Distinct().Select(endpoint => _connection.GetServer(endpoint))
    ];

    private bool Probe(string command)
    {
        try
        {
            Database.Execute(command, (RedisKey)"semblance:probe");
            return true;
        }
        catch (RedisServerException e)
        {
            return !RedisFailure.IsMissingCommand(e);
        }
    }

    private string? Setting(string name)
    {
        try
        {
            return (RedisResult[]?)Primaries().First().Execute("CONFIG", "GET", name) is [_, var value, ..] ? (string?)value : null;
        }
        catch (RedisServerException)
        {
            return null;
        }
    }

    private static string Text(IServer server, params object[] words) => (string?)server.Execute((string)words[0], words[1..]) ?? "";

    private static string? Field(string info, string name)
    {
        foreach (string line in info.Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }
}

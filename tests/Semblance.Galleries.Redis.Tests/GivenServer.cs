using StackExchange.Redis;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>
/// The server that environment variable SEMBLANCE_TEST_REDIS names (redis://[user:password@]host:port, without a gallery), for whoever has a
/// Redis 8 at hand. What the tests put there is deleted at the end.
/// </summary>
public sealed class GivenServer : IDisposable
{
    private const string Variable = "SEMBLANCE_TEST_REDIS";

    private readonly string? _server = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text.TrimEnd('/') : null;
    private readonly string _run = $"test-{Guid.NewGuid():N}"[..13];
    private int _made;

    /// <summary>Whether a server is given; else the tests run on Garnet.</summary>
    public bool IsThere => _server is not null;

    /// <summary>A gallery that nobody else uses.</summary>
    public string NewLocation(string more = "") => $"{_server}/{_run}-{Interlocked.Increment(ref _made)}{more}";

    /// <summary>A gallery's location with the account that it was opened with.</summary>
    public string WithAccount(string location) => _server + location[location.LastIndexOf('/')..];

    public void Dispose()
    {
        if (_made == 0)
        {
            return;
        }

        using var connection = ConnectionMultiplexer.Connect(RedisLocation.Parse($"{_server}/all").ToOptions());
        foreach (IServer server in connection.GetServers().Where(s => s.IsConnected && !s.IsReplica))
        {
            foreach (RedisKey key in server.Keys(pattern: $"semblance:{{{_run}*"))
            {
                connection.GetDatabase().KeyDelete(key);
            }
        }
    }
}

using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// Where a gallery is, as people write it: <c>redis://[user:password@]host[:port][,host[:port]…]/name[?shards=n&amp;db=n&amp;ssl=true&amp;timeout=s]</c>;
/// rediss says the same as ssl=true. Where the location holds no password, the environment may (<see cref="PasswordVariable"/>). Shown without both.
/// </summary>
internal sealed class RedisLocation
{
    private const string Form = "expected redis://[user:password@]host[:port][,host…]/name[?shards=n&db=n&ssl=true&timeout=s]";

    /// <summary>The environment variable that holds the password where the location has none.</summary>
    public const string PasswordVariable = "SEMBLANCE_REDIS_PASSWORD";

    private const int DefaultPort = 6379;
    private const int MaxNameLength = 64, MaxDatabase = 1_000_000, DefaultTimeout = 30, MaxTimeout = 600;

    private readonly (string Host, int Port)[] _hosts;
    private readonly string? _user;
    private readonly string? _password;
    private readonly bool _secure;

    private RedisLocation((string Host, int Port)[] hosts, string? user, string? password, bool secure, string gallery, Settings settings)
    {
        (_hosts, _user, _password, _secure, Gallery, Shards) = (hosts, user, password, secure, gallery, settings.Shards);
        (Database, Timeout) = (settings.Database ?? 0, TimeSpan.FromSeconds(settings.Timeout ?? DefaultTimeout));
    }

    /// <summary>The database's number; only 0 in a cluster.</summary>
    public int Database { get; }

    /// <summary>The gallery's name.</summary>
    public string Gallery { get; }

    /// <summary>The number of shards that a new gallery gets; null for one, or for what an existing gallery has.</summary>
    public int? Shards { get; }

    /// <summary>How long a server may take for one answer; a connection that is lost is noticed at once.</summary>
    public TimeSpan Timeout { get; }

    public static bool IsOne(string text) =>
        text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="UsageException">The text is no such location; the message never shows what may be a password.</exception>
    public static RedisLocation Parse(string text)
    {
        if (!IsOne(text))
        {
            throw Wrong("it does not begin with redis:// or rediss://");
        }

        string rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];

        // A password may hold a character that someone forgot to escape; what follows the last @ cannot hold one.
        int at = rest.LastIndexOf('@');
        string[] account = at < 0 ? [] : rest[..at].Split(':', 2);
        rest = rest[(at + 1)..];
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        Settings settings = Settings.Parse(question < 0 ? "" : rest[(question + 1)..]);
        rest = question < 0 ? rest : rest[..question];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string name = slash < 0 ? "" : rest[(slash + 1)..];
        (string Host, int Port)[] hosts = [.. (slash < 0 ? rest : rest[..slash]).Split(',').Select(Host)];
        return new RedisLocation(
            hosts,
            account.Length == 2 && account[0].Length > 0 ? Uri.UnescapeDataString(account[0]) : null,
            account.Length > 0 ? Uri.UnescapeDataString(account[^1]) : null,
            settings.Secure ?? text.StartsWith("rediss", StringComparison.OrdinalIgnoreCase),
            name.Length == 0 ? throw Wrong("it names no gallery") : IsName(name) ? name : throw Wrong($"a gallery's name has 1 to {MaxNameLength} letters, digits, '.', '_' or '-'"),
            settings);
    }

    /// <summary>What the driver needs.</summary>
    public ConfigurationOptions ToOptions()
    {
        var options = new ConfigurationOptions
        {
            User = _user,
            Password = _password ?? (Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password ? password : null),
            Ssl = _secure,
            DefaultDatabase = Database,
            ClientName = "semblance",
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = 5000,
            SyncTimeout = (int)Timeout.TotalMilliseconds,
            AsyncTimeout = (int)Timeout.TotalMilliseconds,

            // Checkpoints and the log's rewriting after a removal are among the commands that the driver calls administrative.
            AllowAdmin = true,

            // Garnet answers VSIM in the older protocol only, and the flat lists of both are the same there.
            Protocol = RedisProtocol.Resp2,

            // Commands that wait for a lost connection could run long after their caller was told that they failed.
            BacklogPolicy = BacklogPolicy.FailFast,
        };
        foreach ((string host, int port) in _hosts)
        {
            options.EndPoints.Add(IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port));
        }

        return options;
    }

    /// <summary>The location without user and password.</summary>
    public override string ToString()
    {
        string hosts = string.Join(',', _hosts.Select(h => $"{(h.Host.Contains(':', StringComparison.Ordinal) ? $"[{h.Host}]" : h.Host)}:{h.Port}"));
        return $"{(_secure ? "rediss" : "redis")}://{hosts}/{Gallery}{(Database == 0 ? "" : $"?db={Database}")}";
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static (string Host, int Port) Host(string text)
    {
        // An IPv6 address wears brackets, as its colons would be taken for the port's.
        int colon = text.LastIndexOf(':');
        bool hasPort = colon >= 0 && !text.EndsWith(']');
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        int port = hasPort ? Number(text[(colon + 1)..], 1, 65535) ?? throw Wrong("a port is no number from 1 to 65535") : DefaultPort;
        return host.Length > 0 ? (host, port) : throw Wrong("it names no host");
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null;

    private static UsageException Wrong(string why) => new($"the gallery's location is wrong: {why}; {Form}.");

    /// <summary>What follows the question mark.</summary>
    private sealed record Settings(int? Shards, int? Database, bool? Secure, int? Timeout)
    {
        public static Settings Parse(string query)
        {
            var settings = new Settings(null, null, null, null);
            foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] pair = part.Split('=', 2);
                string value = pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : "";
                settings = pair[0] switch
                {
                    "shards" => settings with
                    {
                        Shards = Number(value, 1, GalleryKeys.MaxShards) ?? throw Wrong($"shards is '{value}', not a number from 1 to {GalleryKeys.MaxShards}"),
                    },
                    "db" => settings with { Database = Number(value, 0, MaxDatabase) ?? throw Wrong($"db is '{value}', not the number of a database") },
                    "timeout" => settings with
                    {
                        Timeout = Number(value, 1, MaxTimeout) ?? throw Wrong($"timeout is '{value}', not a number of seconds from 1 to {MaxTimeout}"),
                    },
                    "ssl" => settings with { Secure = bool.TryParse(value, out bool secure) ? secure : throw Wrong($"ssl is '{value}', not true or false") },
                    _ => throw Wrong($"there is no setting '{pair[0]}'"),
                };
            }

            return settings;
        }
    }
}

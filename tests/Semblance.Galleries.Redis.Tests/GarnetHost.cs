using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(Semblance.Galleries.Redis.Tests.GarnetHost))]

namespace Semblance.Galleries.Redis.Tests;

/// <summary>A Garnet server within the test process, that can be stopped and started again on the same folder and port.</summary>
public sealed class GarnetHost : IDisposable
{
    private readonly string[] _more;
    private GarnetServer? _server;
    private ConnectionMultiplexer? _connection;

    /// <summary>Starts a server that logs every change and keeps its data in a new folder.</summary>
    public GarnetHost()
        : this(vectorSets: true, log: true)
    {
    }

    internal GarnetHost(bool vectorSets, bool log, params string[] more)
    {
        Folder = Directory.CreateTempSubdirectory("semblance-garnet-").FullName;
        Port = FreePort();
        _more = [.. vectorSets ? ["--enable-vector-set-preview"] : Array.Empty<string>(), .. log ? ["--aof", "--recover"] : Array.Empty<string>(), .. more];
        Start();
    }

    public string Folder { get; }

    public int Port { get; }

    /// <summary>A connection to look behind the galleries with.</summary>
    public ConnectionMultiplexer Connection => LazyInitializer.EnsureInitialized(
        ref _connection, () => ConnectionMultiplexer.Connect($"127.0.0.1:{Port},allowAdmin=true,protocol=resp2"));

    /// <summary>A gallery that nobody else uses.</summary>
    public string NewLocation(string more = "") => Location($"g{Guid.NewGuid():N}", more);

    public string Location(string gallery, string more = "") => $"redis://127.0.0.1:{Port}/{gallery}{more}";

    public void Start()
    {
        _server = new GarnetServer(Arguments(Port, Folder, _more));
        _server.Start();
    }

    public void Stop()
    {
        _server?.Dispose();
        _server = null;
    }

    public void Dispose()
    {
        _connection?.Dispose();
        Stop();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>
    /// Small segments, so that a checkpoint leaves little of the log behind it; and plain files, as Garnet's own driver wants a library of the
    /// system that is not everywhere.
    /// </summary>
    internal static string[] Arguments(int port, string folder, string[] more) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--device-type", "RandomAccess", "--checkpointdir", folder,
        "--memory", "128m", "--page", "1m", "--index", "1m",
        "--aof-page-size", "2m", "--aof-memory", "8m", "--aof-segment-size", "2m", "--logger-level", "Critical", "-q", .. more,
    ];

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

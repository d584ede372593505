using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using Semblance.Galleries.Redis;
using Semblance.Recognition.Galleries;

namespace Semblance.Bench.Galleries;

/// <summary>A gallery over the Redis protocol: at a location given, or on a Garnet server in this process that logs every change to disk.</summary>
internal static class RedisStore
{
    public static BenchedStore Open(GalleryModel model, string? location)
    {
        string gallery = $"bench-{Guid.NewGuid():N}";
        if (location is not null)
        {
            return Open($"{location.TrimEnd('/')}/{gallery}", model, null);
        }

        string folder = Directory.CreateTempSubdirectory("semblance-bench-").FullName;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var server = new GarnetServer(
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--enable-vector-set-preview", "--aof", "--recover",
            "--device-type", "RandomAccess", "--checkpointdir", folder, "--memory", "1g", "--index", "64m",
            "--logger-level", "Critical", "-q",
        ]);
        server.Start();
        return Open($"redis://127.0.0.1:{port}/{gallery}", model, new Ending(server, folder));
    }

    private static BenchedStore Open(string location, GalleryModel model, IDisposable? server) =>
        new(RedisGallery.Open(location, model), () => RedisGallery.OpenExisting(location, model), server);

    private sealed class Ending(GarnetServer server, string folder) : IDisposable
    {
        public void Dispose()
        {
            server.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}

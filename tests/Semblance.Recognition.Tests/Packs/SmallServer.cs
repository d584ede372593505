using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Semblance.Recognition.Tests.Packs;

/// <summary>A server of one file on this machine that can break off, refuse, or not know of ranges.</summary>
internal sealed class SmallServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _content;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string?> _ranges = [];
    private int _requests;

    public SmallServer(byte[] content)
    {
        _content = content;
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The bytes of the body after which the connection ends, by request; others get all.</summary>
    public Dictionary<int, int> CutAfter { get; } = [];

    public bool KnowsRanges { get; init; } = true;

    public string Status { get; init; } = "200 OK";

    /// <summary>The first byte that each request asked for; null where it asked for all.</summary>
    public IReadOnlyList<string?> Ranges
    {
        get
        {
            lock (_ranges)
            {
                return [.. _ranges];
            }
        }
    }

    public string Address(string file = "pack.zip") => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/files/{file}";

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        string? range = null;
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            range = line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase) ? line["Range: bytes=".Length..].TrimEnd('-') : range;
        }

        lock (_ranges)
        {
            _ranges.Add(range);
        }

        int request = _requests++;
        int start = KnowsRanges && range is not null ? int.Parse(range, CultureInfo.InvariantCulture) : 0;
        if (start >= _content.Length)
        {
            await SendAsync(stream, "416 Range Not Satisfiable", "", default);
            return;
        }

        byte[] body = Status.StartsWith('2') ? _content[start..] : [];
        string status = start > 0 ? "206 Partial Content" : Status;
        string extent = start > 0 ? $"Content-Range: bytes {start}-{_content.Length - 1}/{_content.Length}\r\n" : "";
        int sent = CutAfter.TryGetValue(request, out int cut) ? Math.Min(cut, body.Length) : body.Length;
        await SendAsync(stream, status, extent, body.AsMemory(0, sent), body.Length);
    }

    private static async Task SendAsync(NetworkStream stream, string status, string headers, ReadOnlyMemory<byte> body, int? length = null)
    {
        try
        {
            string head = $"HTTP/1.1 {status}\r\n{headers}Content-Length: {length ?? body.Length}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            await stream.WriteAsync(body);
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }
}

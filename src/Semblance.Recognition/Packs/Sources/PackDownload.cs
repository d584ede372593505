using System.Net;
using System.Net.Http.Headers;

namespace Semblance.Recognition.Packs.Sources;

/// <summary>
/// Fetches a file over HTTP whose hash is known beforehand. What has arrived stays when the connection breaks, under the name of that hash, and
/// the next try or run goes on from there where the server can; since the whole is checked, it matters not who sent which part.
/// </summary>
internal sealed class PackDownload : IDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly string _folder;
    private readonly IProgress<WorkProgress>? _progress;

    /// <summary>Prepares downloads.</summary>
    /// <param name="folder">Where files and parts of files are kept.</param>
    /// <param name="progress">Hears of bytes.</param>
    public PackDownload(string folder, IProgress<WorkProgress>? progress) => (_folder, _progress) = (folder, progress);

    /// <summary>Fetches a file.</summary>
    /// <param name="address">Where it is, http or https.</param>
    /// <param name="sha256">What it must be.</param>
    /// <param name="cancellationToken">Stops; what has arrived stays.</param>
    /// <returns>The file's path, in the folder; the caller removes it.</returns>
    /// <exception cref="SemblanceException">The server is out of reach or refuses, or the file is another.</exception>
    public async Task<string> FetchAsync(Uri address, string sha256, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        string part = Path.Combine(_folder, sha256 + ".part");
        bool resumed = false;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                resumed |= await ReceiveAsync(address, part, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokenTransferException e) when (attempt < Tries)
            {
                _progress?.Report(new WorkProgress("downloading", 0, 0, "bytes", $"again, since {e.Message}"));
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), cancellationToken).ConfigureAwait(false);
                continue;
            }
            catch (BrokenTransferException e)
            {
                string kept = File.Exists(part) && new FileInfo(part).Length > 0 ? " What has arrived is kept: the same command goes on from there." : "";
                throw new SemblanceException($"{address}: the download failed: {e.Message} Nothing in the cache has changed.{kept}", e);
            }

            string actual = FileHash.Sha256(part);
            if (actual == sha256)
            {
                return part;
            }

            File.Delete(part);
            if (!resumed)
            {
                throw new SemblanceException($"{address}: its SHA-256 is {actual}, expected {sha256}. Nothing in the cache has changed.");
            }

            // The beginning may have been of another file: once more, from the start.
            resumed = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Receives the rest of a file, or all of it.</summary>
    /// <returns>Whether it went on from an earlier part.</returns>
    private async Task<bool> ReceiveAsync(Uri address, string part, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 16);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (file.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        }

        using HttpResponseMessage response = await OnNetwork(
            stop => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return true; // Nothing lies behind the part: it is whole, or of another file, which its hash tells.
        }

        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            string answer = $"{(int)response.StatusCode} {response.ReasonPhrase}".Trim();
            throw (int)response.StatusCode >= 500
                ? new BrokenTransferException($"the server answered {answer}.")
                : new SemblanceException($"{address}: the server answered {answer}. Nothing in the cache has changed.");
        }

        bool resumes = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Length && file.Length > 0;
        if (!resumes)
        {
            file.SetLength(0);
        }

        file.Seek(0, SeekOrigin.End);
        long total = response.Content.Headers.ContentLength is { } rest ? file.Length + rest : 0;
        await using Stream body = await OnNetwork(response.Content.ReadAsStreamAsync, cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = await OnNetwork(stop => body.ReadAsync(buffer, stop).AsTask(), cancellationToken).ConfigureAwait(false)) > 0)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            _progress?.Report(new WorkProgress("downloading", file.Position, total, "bytes"));
        }

        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        return resumes;
    }

    /// <summary>Tells failures of the network from those of the disk, and takes a long silence for one.</summary>
    private static async Task<T> OnNetwork<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Silence);
        try
        {
            return await work(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokenTransferException($"the server was silent for {Silence.TotalSeconds:F0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BrokenTransferException(e.Message.TrimEnd('.') + ".", e);
        }
    }

    private sealed class BrokenTransferException(string message, Exception? inner = null) : Exception(message, inner);
}

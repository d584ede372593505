using Semblance.Recognition.Galleries;

namespace Semblance.Bench.Galleries;

/// <summary>A gallery to measure, and what must end with it.</summary>
/// <param name="Gallery">The empty gallery.</param>
/// <param name="Reopen">Opens it once more.</param>
/// <param name="Server">The server or folder made for it; null where there is none.</param>
internal sealed record BenchedStore(IGallery Gallery, Func<IGallery> Reopen, IDisposable? Server) : IDisposable
{
    public void Dispose()
    {
        Gallery.Dispose();
        Server?.Dispose();
    }
}

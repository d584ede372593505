namespace Semblance.Data.Sources;

/// <summary>Where a dataset's files lie. Reading is safe from several threads at once.</summary>
internal interface IImageSource : IDisposable
{
    /// <summary>The content of one file.</summary>
    /// <param name="file">Index of the file in the source's own listing.</param>
    /// <param name="name">The name to use in messages.</param>
    /// <exception cref="UnreadableImageException">It is gone or damaged.</exception>
    byte[] Read(int file, string name);
}

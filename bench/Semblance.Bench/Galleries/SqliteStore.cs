using Semblance.Galleries.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Bench.Galleries;

/// <summary>A gallery in a file: at a path given, or in a new folder.</summary>
internal static class SqliteStore
{
    public static BenchedStore Open(GalleryModel model, string? path)
    {
        if (path is not null)
        {
            return Open(path, model, null);
        }

        string folder = Directory.CreateTempSubdirectory("semblance-bench-").FullName;
        return Open(Path.Combine(folder, "bench.db"), model, new Ending(folder));
    }

    private static BenchedStore Open(string path, GalleryModel model, IDisposable? folder) =>
        new(SqliteGallery.Open(path, model), () => SqliteGallery.OpenExisting(path, model), folder);

    private sealed class Ending(string folder) : IDisposable
    {
        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}

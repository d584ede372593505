namespace Semblance.Galleries.Sqlite;

/// <summary>How a SQLite gallery is opened.</summary>
public sealed class SqliteGalleryOptions
{
    /// <summary>Seconds to wait for another process that is writing, 1 to 3,600. Default 30.</summary>
    public int BusyTimeoutSeconds { get; init; } = 30;

    /// <summary>Whether the gallery is only read; a write is then refused.</summary>
    public bool ReadOnly { get; init; }
}

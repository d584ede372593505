using Semblance.Galleries.Postgres;
using Semblance.Galleries.Redis;
using Semblance.Galleries.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary>The stores of galleries: a file, or the scheme of a server's address.</summary>
internal static class GalleryStores
{
    /// <summary>How <c>--gallery</c> is described.</summary>
    public const string Forms = "FILE.db|postgres://…|redis://…";

    // A new store adds one line.
    private static readonly Store[] Servers =
    [
        new(
            PostgresLocation.IsLocation,
            (location, model, options) => PostgresGallery.Open(PostgresLocation.Parse(location), model, options),
            (location, model, options) => PostgresGallery.OpenExisting(PostgresLocation.Parse(location), model, options)),
        new(
            RedisGallery.IsLocation,
            (location, model, options) => RedisGallery.Open(location, model, options),
            (location, model, options) => RedisGallery.OpenExisting(location, model, options)),
    ];

    private static readonly Store File = new(
        _ => true,
        (path, model, options) => SqliteGallery.Open(path, model, options),
        (path, model, options) => SqliteGallery.OpenExisting(path, model, options));

    /// <summary>Opens a gallery for a model; makes it where it is missing.</summary>
    /// <param name="location">A file or an address.</param>
    /// <param name="model">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">There is no such store, or it refuses.</exception>
    public static IGallery Open(string location, GalleryModel model, GalleryOptions options) => Of(location).Open(location, model, options);

    /// <summary>Opens a gallery that must be there.</summary>
    /// <param name="location">A file or an address.</param>
    /// <param name="model">The model to compare with; null to look in without one.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">There is no such store or gallery, or it refuses.</exception>
    public static IGallery OpenExisting(string location, GalleryModel? model, GalleryOptions options) => Of(location).OpenExisting(location, model, options);

    private static Store Of(string location)
    {
        if (Array.Find(Servers, store => store.IsLocation(location)) is { } server)
        {
            return server;
        }

        // Not the whole text in the message: an address may hold a password.
        int scheme = location.IndexOf("://", StringComparison.Ordinal);
        return scheme < 1 ? File : throw new UsageException($"{location[..scheme]}://…: there is no such store of galleries; expected {Forms}.");
    }

    private sealed record Store(
        Predicate<string> IsLocation,
        Func<string, GalleryModel, GalleryOptions, IGallery> Open,
        Func<string, GalleryModel?, GalleryOptions, IGallery> OpenExisting);
}

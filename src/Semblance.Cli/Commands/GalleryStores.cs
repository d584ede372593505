using Semblance.Galleries.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary>The stores of galleries: a file, or the scheme of a server's address.</summary>
internal static class GalleryStores
{
    /// <summary>How <c>--gallery</c> is described.</summary>
    public const string Forms = "FILE.db";

    /// <summary>Opens a gallery for a model; makes it where it is missing.</summary>
    /// <param name="location">A file or an address.</param>
    /// <param name="model">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">There is no such store, or it refuses.</exception>
    public static IGallery Open(string location, GalleryModel model, GalleryOptions options) => SchemeOf(location) switch
    {
        null => SqliteGallery.Open(location, model, options),
        var scheme => throw Unknown(location, scheme),
    };

    /// <summary>Opens a gallery that must be there.</summary>
    /// <param name="location">A file or an address.</param>
    /// <param name="model">The model to compare with; null to look in without one.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">There is no such store or gallery, or it refuses.</exception>
    public static IGallery OpenExisting(string location, GalleryModel? model, GalleryOptions options) => SchemeOf(location) switch
    {
        null => SqliteGallery.OpenExisting(location, model, options),
        var scheme => throw Unknown(location, scheme),
    };

    private static string? SchemeOf(string location)
    {
        int end = location.IndexOf("://", StringComparison.Ordinal);
        return end > 0 ? location[..end].ToLowerInvariant() : null;
    }

    private static UsageException Unknown(string location, string scheme) =>
        new($"--gallery {location[..(location.IndexOf("://", StringComparison.Ordinal) + 3)]}…: there is no store '{scheme}'; expected {Forms}.");
}

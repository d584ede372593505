using Semblance.Galleries.Contract;
using Semblance.Galleries.Postgres.Tests.Servers;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres.Tests;

/// <summary>The suite of all stores on PostgreSQL with pgvector.</summary>
public sealed class PostgresGalleryTests : GalleryContractTests
{
    private readonly VectorServer _server;

    public PostgresGalleryTests(VectorServer server)
    {
        // Here, as a property's check would take the skipping for a failure.
        server.Require();
        _server = server;
    }

    protected override IGallery Create(ModelCard card, GalleryOptions? options = null) => PostgresGallery.Open(_server.NewGallery(), card, options);

    // The password, where the server wants one, is in none of what a gallery tells of itself.
    protected override IGallery Reopen(IGallery gallery, GalleryOptions? options = null) =>
        PostgresGallery.OpenExisting(_server.Gallery(PostgresLocation.Parse(gallery.Location).Gallery), gallery.Model, options);
}

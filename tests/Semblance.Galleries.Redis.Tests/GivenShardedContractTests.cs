using Semblance.Galleries.Contract;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>The suite that all stores share, on the server that the environment names, with the keys spread over shards.</summary>
public sealed class GivenShardedContractTests : GalleryContractTests, IClassFixture<GivenServer>
{
    private readonly GivenServer _server;

    public GivenShardedContractTests(GivenServer server)
    {
        server.Require();
        _server = server;
    }

    protected override IGallery Create(ModelCard card, GalleryOptions? options = null) => RedisGallery.Open(_server.NewLocation("?shards=3"), card, options);

    protected override IGallery Reopen(IGallery gallery, GalleryOptions? options = null) =>
        RedisGallery.OpenExisting(_server.WithAccount(gallery.Location), gallery.Model, options);
}

using Semblance.Galleries.Contract;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>The suite that all stores share, on Garnet or the server that the environment names.</summary>
public sealed class ContractTests(GarnetHost garnet, GivenServer given) : GalleryContractTests, IClassFixture<GivenServer>
{
    protected override IGallery Create(ModelCard card, GalleryOptions? options = null) =>
        RedisGallery.Open(given.IsThere ? given.NewLocation() : garnet.NewLocation(), card, options);

    protected override IGallery Reopen(IGallery gallery, GalleryOptions? options = null) =>
        RedisGallery.OpenExisting(given.IsThere ? given.WithAccount(gallery.Location) : gallery.Location, gallery.Model, options);
}

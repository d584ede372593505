using Semblance.Galleries.Contract;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>The suite that all stores share, on Garnet.</summary>
public sealed class ContractTests(GarnetHost server) : GalleryContractTests
{
    protected override IGallery Create(ModelCard card, GalleryOptions? options = null) => RedisGallery.Open(server.NewLocation(), card, options);

    protected override IGallery Reopen(IGallery gallery, GalleryOptions? options = null) => RedisGallery.OpenExisting(gallery.Location, gallery.Model, options);
}

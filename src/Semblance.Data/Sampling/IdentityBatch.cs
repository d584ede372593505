using System.Globalization;

namespace Semblance.Data.Sampling;

/// <summary>The shape of P×K batches, checked against the data once for every sampler that makes them.</summary>
/// <param name="Identities">P.</param>
/// <param name="Images">K.</param>
/// <param name="Count">Batches of an epoch.</param>
internal readonly record struct IdentityBatch(int Identities, int Images, int Count)
{
    /// <summary>P·K.</summary>
    public int Size => Identities * Images;

    /// <summary>Checks P, K and the number of batches.</summary>
    /// <param name="photos">The data.</param>
    /// <param name="images">Number of images of the data.</param>
    /// <param name="identitiesPerBatch">P.</param>
    /// <param name="imagesPerIdentity">K.</param>
    /// <param name="batchesPerEpoch">Batches of an epoch, or null for as many as the images fill, rounded up.</param>
    /// <exception cref="UsageException">A number is below 1, or there are fewer than P identities.</exception>
    public static IdentityBatch Of(IdentityPhotos photos, int images, int identitiesPerBatch, int imagesPerIdentity, int? batchesPerEpoch)
    {
        if (identitiesPerBatch < 1 || imagesPerIdentity < 1 || batchesPerEpoch < 1)
        {
            string batches = batchesPerEpoch?.ToString(CultureInfo.InvariantCulture) ?? "unset";
            throw new UsageException(
                $"identities per batch is {identitiesPerBatch}, images per identity {imagesPerIdentity}, batches per epoch {batches}; expected 1 or more of each.");
        }

        if (photos.Count < identitiesPerBatch)
        {
            throw new UsageException($"a batch wants {identitiesPerBatch} identities, but the data has {photos.Count}; lower the identities per batch or use more data.");
        }

        int size = identitiesPerBatch * imagesPerIdentity;
        return new IdentityBatch(identitiesPerBatch, imagesPerIdentity, batchesPerEpoch ?? ((images + size - 1) / size));
    }
}

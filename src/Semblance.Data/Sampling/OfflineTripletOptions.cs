namespace Semblance.Data.Sampling;

/// <summary>How <see cref="OfflineTripletSampler"/> selects triplets.</summary>
public sealed record OfflineTripletOptions
{
    /// <summary>The margin α on squared distances of unit embeddings, above 0; 0.2 in the paper.</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>Which negatives are taken.</summary>
    public OfflineNegatives Negatives { get; init; } = OfflineNegatives.SemiHard;

    /// <summary>Identities of the subset that is embedded, at least 2; all where the data has fewer.</summary>
    public int Identities { get; init; } = 500;

    /// <summary>Images of each identity in the subset at most, at least 2; 40 in the paper.</summary>
    public int ImagesPerIdentity { get; init; } = 40;

    /// <summary>Epochs between selections, at least 1.</summary>
    public int RefreshEpochs { get; init; } = 1;
}

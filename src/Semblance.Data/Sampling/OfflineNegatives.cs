namespace Semblance.Data.Sampling;

/// <summary>Which negatives <see cref="OfflineTripletSampler"/> takes for an anchor and its positive (d is the squared distance of unit embeddings, α the margin).</summary>
public enum OfflineNegatives
{
    /// <summary>One drawn among d(a, p) &lt; d(a, n) &lt; d(a, p) + α, as the paper recommends.</summary>
    SemiHard,

    /// <summary>One drawn among d(a, n) &lt; d(a, p) + α: hard ones too, as a widespread implementation does.</summary>
    Violating,

    /// <summary>The nearest one, where it violates the margin.</summary>
    Hardest,
}

namespace Semblance.Data.Sampling;

/// <summary>Where <see cref="HardIdentitySampler"/> takes the place of an identity from.</summary>
public enum CentreSource
{
    /// <summary>The objective's class centres where it has some, else mean embeddings.</summary>
    Auto,

    /// <summary>The objective's class centres.</summary>
    Objective,

    /// <summary>The mean of the embeddings of the identity's images under the current model.</summary>
    Embeddings,
}

namespace Semblance.Evaluation.Verification;

/// <summary>One comparison with its similarity.</summary>
/// <param name="First">Path of the first image in the dataset.</param>
/// <param name="Second">Path of the second image.</param>
/// <param name="Same">Whether both show one person.</param>
/// <param name="Fold">The fold, from 1.</param>
/// <param name="Score">Cosine similarity in [−1, 1].</param>
public sealed record ScoredPair(string First, string Second, bool Same, int Fold, double Score);

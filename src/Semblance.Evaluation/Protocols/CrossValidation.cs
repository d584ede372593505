namespace Semblance.Evaluation.Protocols;

/// <summary>The outcome of <see cref="TenFold"/>.</summary>
/// <param name="Folds">One result per fold, by fold number.</param>
/// <param name="Mean">The mean of the folds' accuracies, each fold counting the same, in [0, 1].</param>
/// <param name="StandardError">Sample standard deviation (ddof 1) / √folds; null where there is one fold.</param>
/// <param name="Optimistic">
/// True where there is one fold only: the threshold was then chosen on the very pairs it was tested on, an upper bound of the accuracy.
/// </param>
public sealed record CrossValidation(IReadOnlyList<FoldResult> Folds, double Mean, double? StandardError, bool Optimistic);

using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>What a penalty over tuples may depend on.</summary>
/// <param name="Distances">The distances of the batch, attached to the graph.</param>
/// <param name="Relations">Who is the same person.</param>
/// <param name="Labels">[batch] int64: the class of each anchor.</param>
/// <param name="Samples">[batch] int64: the index of each anchor's photo in the training set; null where it is not known.</param>
public sealed record TupleBatch(DistanceMatrix Distances, IdentityRelations Relations, Tensor Labels, Tensor? Samples);

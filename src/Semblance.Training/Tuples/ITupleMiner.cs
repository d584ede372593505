namespace Semblance.Training.Tuples;

/// <summary>Chooses tuples from a batch. Choosing is no part of the graph: a miner sees distances, never gradients.</summary>
/// <typeparam name="TTuples">Pairs or triplets.</typeparam>
public interface ITupleMiner<out TTuples>
    where TTuples : TupleSelection
{
    /// <summary>Chooses.</summary>
    /// <param name="distances">The distances of the batch.</param>
    /// <param name="relations">Who is the same person.</param>
    /// <returns>Positions in the batch, possibly none; the tensors are owned by the caller's dispose scope.</returns>
    TTuples Mine(DistanceMatrix distances, IdentityRelations relations);
}

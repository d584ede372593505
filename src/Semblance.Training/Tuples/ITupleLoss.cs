namespace Semblance.Training.Tuples;

/// <summary>The penalty of each tuple, before any reduction. A penalty with parameters of its own is an nn.Module too.</summary>
/// <typeparam name="TTuples">Pairs or triplets.</typeparam>
public interface ITupleLoss<in TTuples>
    where TTuples : TupleSelection
{
    /// <summary>The penalties.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="tuples">The tuples chosen.</param>
    /// <returns>One or more groups; each is reduced on its own and the results are added. Tensors are attached to the graph and owned by the caller's dispose scope.</returns>
    IReadOnlyList<TupleTerms> Terms(TupleBatch batch, TTuples tuples);
}

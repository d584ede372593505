using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>The tuples that a miner chooses from a case's embeddings, beside those that the case has.</summary>
internal static class MinedTuples
{
    public static CaseExtra Triplets(string name, CaseFile file, ScalarType dtype, ITupleMiner<TupleSelection> miner, IEnumerable<long[]> expected)
    {
        using DisposeScope scope = NewDisposeScope();
        TripletIndices list = Mine(file, dtype, miner).Triplets.List();
        return CaseExtra.Tuples(name, Rows(list.Anchors, list.Positives, list.Negatives), expected);
    }

    public static CaseExtra Pairs(
        string name, CaseFile file, ScalarType dtype, ITupleMiner<TupleSelection> miner, Func<PairSelection, PairSet> side, IEnumerable<long[]> expected)
    {
        using DisposeScope scope = NewDisposeScope();
        PairIndices list = side(Mine(file, dtype, miner).Pairs).List();
        return CaseExtra.Tuples(name, Rows(list.Anchors, list.Others), expected);
    }

    private static TupleSelection Mine(CaseFile file, ScalarType dtype, ITupleMiner<TupleSelection> miner)
    {
        Distance distance = TupleCase.Distance(file) switch
        {
            "squared" => Distance.SquaredEuclidean,
            "cosine" => Distance.Cosine,
            _ => Distance.Euclidean,
        };
        DistanceMatrix distances = DistanceMatrix.Between(file.Embeddings(dtype), distance, file.Hyper.Flag("normalize_embeddings"));
        return miner.Mine(distances, IdentityRelations.Of(file.Labels()));
    }

    private static long[][] Rows(params Tensor[] columns)
    {
        long[][] values = [.. columns.Select(c => c.data<long>().ToArray())];
        return [.. Enumerable.Range(0, values[0].Length).Select(i => values.Select(v => v[i]).ToArray())];
    }
}

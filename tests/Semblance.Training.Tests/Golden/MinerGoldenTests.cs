using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Golden;

public sealed class MinerGoldenTests
{
    /// <summary>The cases of the miners that exist; batch-easy-hard and multi-similarity do not yet.</summary>
    public static TheoryData<string> Cases
    {
        get
        {
            TheoryData<string> rows = [];
            foreach (TheoryDataRow<string> row in GoldenCase.In("miners"))
            {
                if (!row.Data.Contains("batch_easy_hard", StringComparison.Ordinal) && !row.Data.Contains("multi_similarity", StringComparison.Ordinal))
                {
                    rows.Add(row.Data);
                }
            }

            return rows;
        }
    }

    public static TheoryData<string> SemiHardCases => GoldenCase.In("triplet_semihard");

    public static TheoryData<string> BatchHardCases => GoldenCase.In("trihard_batchhard");

    [Theory]
    [MemberData(nameof(Cases))]
    public void ChoosesTheReferencesTriplets(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        bool squared = golden.Hyper.GetProperty("distance").GetString() == "squared euclidean";
        ITupleMiner<TripletSelection> miner = golden.Variant switch
        {
            "batch_hard_raw" or "batch_hard_l2norm" => new BatchHardMiner(),
            "triplet_margin_all" => new TripletBandMiner(TripletBand.Violating, 0.2),
            "triplet_margin_hard" => new TripletBandMiner(TripletBand.Hard),
            "triplet_margin_semihard" or "triplet_margin_semihard_squared" => new TripletBandMiner(TripletBand.SemiHard, 0.2),
            "triplet_margin_easy" => new TripletBandMiner(TripletBand.Easy, 0.2),
            string other => throw new InvalidOperationException(other),
        };
        Assert.Equal(golden.Tuples("expected", "triplets"), Mine(golden, miner, squared, golden.Hyper.GetProperty("normalize_embeddings").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(SemiHardCases))]
    public void ChoosesTheSemiHardTripletsOfEachDefinition(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        ITupleMiner<TripletSelection> miner = golden.Variant switch
        {
            "pml_all_semihard" => new TripletBandMiner(TripletBand.SemiHard, 0.2),
            "nearest_semihard" => new SemiHardMiner(SemiHardChoice.Nearest, 0.2),
            _ => new SemiHardMiner(SemiHardChoice.NearestElseFarthest, 0.2),
        };
        Assert.Equal(golden.Tuples("inputs", "mined_triplets"), Mine(golden, miner, squared: true, normalise: true));
    }

    [Theory]
    [MemberData(nameof(BatchHardCases))]
    public void ChoosesTheHardestOfEachAnchor(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        long[] Column(string field) => [.. golden.Extras.GetProperty(field).EnumerateArray().Select(e => e.GetInt64())];
        long[][] expected =
        [
            .. Column("anchors").Zip(Column("hardest_positive"), Column("hardest_negative")).Select(t => new[] { t.First, t.Second, t.Third }),
        ];
        Assert.Equal(expected, Mine(golden, new BatchHardMiner(), false, golden.Hyper.GetProperty("normalize_embeddings").GetBoolean()));
    }

    private static long[][] Mine(GoldenCase golden, ITupleMiner<TripletSelection> miner, bool squared, bool normalise)
    {
        using DisposeScope scope = NewDisposeScope();
        DistanceMatrix distances = DistanceMatrix.Between(
            golden.Embeddings(ScalarType.Float32), squared ? Distance.SquaredEuclidean : Distance.Euclidean, normalise);
        return TupleLists.Of(miner.Mine(distances, IdentityRelations.Of(golden.Labels())));
    }
}

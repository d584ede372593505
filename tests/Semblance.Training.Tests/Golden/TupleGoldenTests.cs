using System.Text.Json;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Golden;

public sealed class TupleGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.In("contrastive", "triplet", "triplet_semihard", "trihard_batchhard", "batch_all");

    [Theory]
    [MemberData(nameof(Cases))]
    public void EqualsTheReferenceInFloat64(string name) => Check(name, ScalarType.Float64);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EqualsTheReferenceInFloat32(string name) => Check(name, ScalarType.Float32);

    private static void Check(string name, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        GoldenCase golden = GoldenCase.Read(name);
        using Objective objective = Create(golden);
        Tensor embeddings = golden.Embeddings(dtype);
        ObjectiveValue value = objective.Evaluate(embeddings, golden.Labels());
        value.Loss.backward();

        golden.AssertLoss(value.Loss, dtype);
        golden.AssertGradient("grad_embeddings", embeddings.grad, dtype);
        AssertCount("num_active", "active_tuples");
        AssertCount("num_triplets", "tuples");
        AssertCount("num_pairs", "tuples");

        void AssertCount(string expected, string figure)
        {
            // The reference's soft triplets are all active; a mean over the chosen counts them all in any case.
            if (golden.Extras.TryGetProperty(expected, out JsonElement count))
            {
                Assert.Equal(count.GetDouble(), value.Figures[figure]);
            }
        }
    }

    private static Objective Create(GoldenCase golden)
    {
        JsonElement hyper = golden.Hyper;
        string folder = golden.Name.Split('/')[0];
        bool normalise = hyper.GetProperty("normalize_embeddings").GetBoolean();
        Distance distance = hyper.GetProperty("distance").GetString() switch
        {
            "squared euclidean" or "LpDistance(p=2, power=2)" => Distance.SquaredEuclidean,
            "euclidean" or "euclidean (non-squared)" or "LpDistance(p=2, power=1)" => Distance.Euclidean,
            string other => throw new InvalidOperationException(other),
            null => throw new InvalidOperationException(),
        };
        if (folder == "contrastive")
        {
            bool published = hyper.TryGetProperty("margin", out JsonElement m);
            return new TupleObjective<PairSelection>(
                golden.Name, distance, normalise, new AllPairsMiner(once: true),
                published ? new ContrastiveLoss(m.GetDouble())
                    : new ContrastiveLoss(
                        hyper.GetProperty("neg_margin").GetDouble(), hyper.GetProperty("pos_margin").GetDouble(), halfSquared: false, apart: true),
                published ? TupleReduction.MeanOverAll : TupleReduction.MeanOverActive);
        }

        bool soft = golden.Variant.Contains("soft", StringComparison.Ordinal) || golden.Variant.Contains("smooth", StringComparison.Ordinal);
        double margin = hyper.GetProperty("margin") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
        bool swap = hyper.TryGetProperty("swap", out JsonElement s) && s.GetBoolean();
        string reduction = hyper.GetProperty("reduction").GetString()!;
        ITupleMiner<TupleSelection> miner = folder == "trihard_batchhard" ? new BatchHardMiner() : golden.Variant switch
        {
            "pml_all_semihard" => new TripletBandMiner(TripletBand.SemiHard, margin),
            "nearest_semihard" => new SemiHardMiner(SemiHardChoice.Nearest, margin),
            "tfa_style" => new SemiHardMiner(SemiHardChoice.NearestElseFarthest, margin),
            _ => new AllPairsMiner(),
        };
        return new TupleObjective<TripletSelection>(
            golden.Name, distance, normalise, miner, new TripletLoss(margin, soft, swap),
            reduction.Contains("loss > 0", StringComparison.Ordinal) ? TupleReduction.MeanOverActive : TupleReduction.MeanOverAll);
    }
}

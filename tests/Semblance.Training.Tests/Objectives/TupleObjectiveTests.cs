using Semblance.Training.Objectives;
using Semblance.Training.Tests.Tuples;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

public sealed class TupleObjectiveTests
{
    public static TheoryData<string, string> Parameters => new()
    {
        { "contrastive", "" }, { "contrastive", "normalise=false margin=3" }, { "contrastive", "penalty=linear apart=true reduction=mean-active positive_margin=0.1" },
        { "contrastive", "distance=squared reduction=sum" }, { "contrastive", "distance=cosine" },
        { "triplet", "" }, { "triplet", "miner=semi-hard,definition=all" }, { "triplet", "miner=semi-hard,definition=tfa reduction=mean-all" },
        { "triplet", "miner=all distance=euclidean reduction=per-anchor" }, { "triplet", "miner=all soft_margin=true normalise=false" },
        { "triplet", "miner=all swap=true reduction=sum" }, { "triplet", "miner=hard" }, { "triplet", "miner=violating distance=cosine" },
        { "triplet", "miner=batch-hard" }, { "contrastive", "miner=batch-hard" }, { "contrastive", "miner=all" },
        { "trihard", "miner=all soft_margin=false" }, { "trihard", "miner=all" }, { "trihard", "miner=all reduction=sum" },
        { "trihard", "distance=squared" }, { "trihard", "miner=all distance=squared" }, { "trihard", "miner=all distance=squared soft_margin=false" },
        { "triplet", "miner=batch-easy-hard" }, { "triplet", "miner=batch-easy-hard,positive=all,negative=hard reduction=per-anchor" },
        { "contrastive", "miner=multi-similarity" }, { "triplet", "miner=multi-similarity,epsilon=0.5 distance=cosine" },
        { "lifted", "" }, { "lifted", "form=hard" }, { "lifted", "normalise=true margin=0.5 reduction=per-anchor" }, { "lifted", "miner=batch-hard reduction=sum" },
        { "lifted", "form=hard distance=squared reduction=per-anchor" }, { "lifted", "distance=cosine margin=0.3" },
        { "generalized-lifted", "" }, { "generalized-lifted", "soft_margin=true reduction=per-anchor" }, { "generalized-lifted", "normalise=true one_sided=keep" },
        { "generalized-lifted", "miner=semi-hard reduction=sum" },
        { "margin", "miner=all" }, { "margin", "miner=all beta_scope=fixed reduction=per-anchor" }, { "margin", "miner=batch-hard beta_scope=global nu=0.1" },
        { "margin", "miner=semi-hard,definition=all nu=0.2 reduction=mean-all" }, { "margin", "miner=all normalise=false beta=3 beta_scope=global nu=0.1 nu_form=once" },
        { "multi-similarity", "" }, { "multi-similarity", "base=0.5 negative_scale=40 one_sided=skip reduction=per-anchor" }, { "multi-similarity", "miner=batch-hard reduction=sum" },
        { "trihard", "" }, { "trihard", "soft_margin=false" }, { "trihard", "soft_margin=false normalise=true distance=squared margin=0.5" },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void GradientsEqualCentralDifferences(string name, string parameters)
    {
        foreach ((long seed, int batch, int classes) in new (long, int, int)[] { (1, 9, 3), (2, 8, 4), (3, 6, 1), (4, 5, 100), (5, 1, 1) })
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, 4, classes);
            using Objective objective = Create(name, parameters);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void GivesAZeroThatBackPropagatesWhereThereIsNothingToCompare(string name, string parameters)
    {
        foreach (int batch in new[] { 0, 1 })
        {
            using DisposeScope scope = NewDisposeScope();
            using Objective objective = Create(name, parameters);
            Tensor embeddings = ones([batch, 4]).requires_grad_();
            ObjectiveValue value = objective.Evaluate(embeddings, zeros(batch, ScalarType.Int64));
            value.Loss.backward();
            Assert.Equal(0, value.Loss.item<float>());
            Assert.Equal(0, embeddings.grad!.abs().sum().item<float>());
            Assert.Equal(0, value.Figures["tuples"]);
            Assert.Equal(0, value.Figures["active_tuples"]);
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void HasFiniteGradientsForDuplicatesAndZeroEmbeddings(string name, string parameters)
    {
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16 })
        {
            using DisposeScope scope = NewDisposeScope();
            using Objective objective = Create(name, parameters);
            Tensor row = tensor(new[] { 0.3, -0.2, 0.9, 0.1 });
            Tensor embeddings = stack([row, row, row, -row, zeros_like(row), zeros_like(row)]).to_type(dtype).requires_grad_();
            ObjectiveValue value = objective.Evaluate(embeddings, tensor(new long[] { 0, 0, 1, 1, 0, 1 }));
            value.Loss.backward();
            Gradients.AssertFinite(value.Loss);
            Gradients.AssertFinite(embeddings.grad);
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void DoesNotDependOnTheOrderOfTheBatchNorOnItsRotation(string name, string parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(8, 10, 4, 3);
        using Objective objective = Create(name, parameters);
        double plain = objective.Evaluate(embeddings, labels).Loss.item<double>();
        Tensor order = tensor(new long[] { 3, 1, 9, 0, 2, 8, 4, 7, 5, 6 });
        (Tensor rotation, _) = linalg.qr(Gradients.Batch(9, 4, 4, 1).Embeddings.detach());
        double turned = objective.Evaluate(embeddings.index_select(0, order).matmul(rotation), labels.index_select(0, order)).Loss.item<double>();
        Assert.NotEqual(0, plain);
        Assert.Equal(plain, turned, 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EqualsTripletsByLoops(long seed)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 12, 5, 4);
        long[] y = labels.data<long>().ToArray();
        double[] x = Gradients.Of(embeddings);
        double[][] squared = Naive.Matrix(x, 12, 5, Distance.SquaredEuclidean, true);
        double[][] raw = Naive.Matrix(x, 12, 5, Distance.Euclidean, false);
        List<(int A, int P, int N)> all = [.. Naive.Triplets(y)];

        double[] hinge = [.. all.Select(t => Math.Max(0, squared[t.A][t.P] - squared[t.A][t.N] + 0.2))];
        ObjectiveValue value = Value("triplet", "miner=all");
        Assert.Equal(hinge.Sum() / hinge.Count(h => h > 0), value.Loss.item<double>(), 10);
        Assert.Equal(hinge.Length, value.Figures["tuples"]);
        Assert.Equal(hinge.Count(h => h > 0), value.Figures["active_tuples"]);
        Assert.Equal(all.Average(t => squared[t.A][t.P]), value.Figures["distance_positive"], 10);
        Assert.Equal(all.Average(t => squared[t.A][t.N]), value.Figures["distance_negative"], 10);

        double perAnchor = all.Zip(hinge).GroupBy(t => t.First.A).Average(g => g.Average(t => t.Second));
        Assert.Equal(perAnchor, Value("triplet", "miner=all reduction=per-anchor").Loss.item<double>(), 10);

        double soft = all.GroupBy(t => t.A).Average(g => Math.Log(1 + Math.Exp(g.Max(t => raw[t.A][t.P]) - g.Min(t => raw[t.A][t.N]))));
        Assert.Equal(soft, Value("trihard", "").Loss.item<double>(), 10);
        double hard = all.GroupBy(t => t.A).Average(g => Math.Max(0, g.Max(t => raw[t.A][t.P]) - g.Min(t => raw[t.A][t.N]) + 0.3));
        Assert.Equal(hard, Value("trihard", "soft_margin=false").Loss.item<double>(), 10);

        double swapped = all.Sum(t => Math.Max(0, squared[t.A][t.P] - Math.Min(squared[t.A][t.N], squared[t.P][t.N]) + 0.2));
        Assert.Equal(swapped, Value("triplet", "miner=all swap=true reduction=sum").Loss.item<double>(), 10);

        ObjectiveValue Value(string name, string parameters)
        {
            using Objective objective = Create(name, parameters);
            return objective.Evaluate(embeddings, labels);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EqualsContrastivePairsByLoops(long seed)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 9, 5, 3);
        long[] y = labels.data<long>().ToArray();
        double[][] d = Naive.Matrix(Gradients.Of(embeddings), 9, 5, Distance.Euclidean, true);
        List<(double Positive, double Negative)> pairs = [];
        for (int i = 0; i < 9; i++)
        {
            for (int j = i + 1; j < 9; j++)
            {
                pairs.Add(y[i] == y[j] ? (0.5 * d[i][j] * d[i][j], 0) : (0, 0.5 * Math.Pow(Math.Max(0, 1 - d[i][j]), 2)));
            }
        }

        using Objective published = Create("contrastive", "");
        ObjectiveValue value = published.Evaluate(embeddings, labels);
        Assert.Equal(pairs.Average(p => p.Positive + p.Negative), value.Loss.item<double>(), 10);
        Assert.Equal(36, value.Figures["tuples"]);
        Assert.Equal(pairs.Count(p => p.Positive + p.Negative > 0), value.Figures["active_tuples"]);

        using Objective apart = Create("contrastive", "apart=true reduction=mean-active");
        double expected = pairs.Sum(p => p.Positive) / pairs.Count(p => p.Positive > 0) + (pairs.Sum(p => p.Negative) / Math.Max(1, pairs.Count(p => p.Negative > 0)));
        Assert.Equal(expected, apart.Evaluate(embeddings, labels).Loss.item<double>(), 10);
    }

    [Fact]
    public void TakesTheTripletsThatAnOfflineSamplerLaidOut()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, _) = Gradients.Batch(4, 9, 4, 3);
        using Objective objective = Create("triplet", "miner=consecutive-triplets reduction=sum");
        ObjectiveValue value = objective.Evaluate(embeddings, tensor(new long[] { 7, 7, 2, 2, 2, 5, 5, 5, 7 }));
        double[][] d = Naive.Matrix(Gradients.Of(embeddings), 9, 4, Distance.SquaredEuclidean, true);
        Assert.Equal(new[] { 0, 3, 6 }.Sum(a => Math.Max(0, d[a][a + 1] - d[a][a + 2] + 0.2)), value.Loss.item<double>(), 10);
        Assert.Equal(3, value.Figures["tuples"]);
    }

    [Fact]
    public void LeavesOnlyTheLossToItsCaller()
    {
        using Objective objective = Create("triplet", "");
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 8, 4, 2);
        int before = scope.DisposablesCount;
        objective.Evaluate(embeddings, labels);
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void NamesLabelsOfAnotherNumber()
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Create("triplet", "");
        Assert.Throws<SemblanceException>(() => objective.Evaluate(ones([3, 4]), zeros(2, ScalarType.Int64)));
    }

    private static Objective Create(string name, string parameters) => Written.Objective(name, parameters);
}

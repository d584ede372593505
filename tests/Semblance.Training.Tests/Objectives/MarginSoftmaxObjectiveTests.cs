using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

public sealed class MarginSoftmaxObjectiveTests
{
    public static TheoryData<string, bool> Differentiable => new()
    {
        { "softmax", false }, { "normface", false }, { "normface", true }, { "cosface", false }, { "linear", false },
        { "none", false }, { "easy-margin", false }, { "cosine", false },
    };

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void GradientsEqualCentralDifferences(string curve, bool learned)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (int batch, int dim, int classes) = (seed, 2 + seed, seed == 1 ? 1 : 4);
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, dim, classes);
            using MarginSoftmaxObjective objective = Create(curve, classes, dim, seed, learned, scale: 10);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("normface")]
    [InlineData("cosface")]
    [InlineData("linear")]
    public void EqualsTheFormulaWrittenOut(string curve)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(11, 7, 5, 6);
        using MarginSoftmaxObjective objective = Create(curve, 6, 5, 3, false, 20);
        objective.to(ScalarType.Float64);
        double[] x = Gradients.Of(embeddings);
        double[] w = Gradients.Of(((DenseCentres)objective.Centres).Weight);
        long[] y = labels.data<long>().ToArray();
        double total = 0;
        int right = 0;
        for (int i = 0; i < 7; i++)
        {
            double[] plain = new double[6];
            double[] logits = new double[6];
            for (int c = 0; c < 6; c++)
            {
                (double dot, double xx, double ww) = (0, 0, 0);
                for (int d = 0; d < 5; d++)
                {
                    (double a, double b) = (x[(i * 5) + d], w[(c * 5) + d]);
                    (dot, xx, ww) = (dot + (a * b), xx + (a * a), ww + (b * b));
                }

                plain[c] = curve == "softmax" ? dot : dot / Math.Sqrt(xx * ww);
                double theta = Math.Acos(plain[c]);
                logits[c] = (curve == "softmax" ? 1 : 20) * (c != y[i] ? plain[c] : curve switch
                {
                    "cosface" => plain[c] - 0.35,
                    "linear" => theta + 0.5 <= Math.PI ? Math.Cos(theta + 0.5) : plain[c] - (0.5 * Math.Sin(0.5)),
                    _ => plain[c],
                });
            }

            total += Math.Log(logits.Sum(Math.Exp)) - logits[y[i]];
            right += Array.IndexOf(plain, plain.Max()) == y[i] ? 1 : 0;
        }

        ObjectiveValue value = objective.Evaluate(embeddings, labels);
        Assert.Equal(total / 7, value.Loss.item<double>(), 10);
        Assert.Equal(right / 7.0, value.Figures["accuracy"], 12);
    }

    [Theory]
    [InlineData("cosface")]
    [InlineData("linear")]
    public void EqualsNormFaceWithoutMargin(string curve)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(5, 6, 4, 5, ScalarType.Float32);
        using MarginSoftmaxObjective plain = Create("normface", 5, 4, 3, false, 64);
        using MarginSoftmaxObjective margin = new(
            curve, curve == "cosface" ? new CosFaceLogit(0) : new ArcFaceLogit(0), new DenseCentres(5, 4, 3), new LogitScale(64));
        Assert.Equal(plain.Evaluate(embeddings, labels).Loss.item<float>(), margin.Evaluate(embeddings, labels).Loss.item<float>(), 4);
    }

    [Theory]
    [InlineData("normface", 10.8)]
    [InlineData("cosface", 33.2)]
    [InlineData("linear", 41.5)]
    public void StartsWhereRandomEmbeddingsAmongAThousandClassesPutIt(string curve, double expected)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 64, 512, 1000, ScalarType.Float32);
        using MarginSoftmaxObjective objective = Create(curve, 1000, 512, 1, false, 64);
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<float>(), 1.5);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void ComputesHalfEmbeddingsInFloat32(ScalarType half)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor drawn, Tensor labels) = Gradients.Batch(9, 8, 16, 5, ScalarType.Float32);
        Tensor narrow = drawn.detach().to_type(half).requires_grad_();
        using MarginSoftmaxObjective objective = Create("linear", 5, 16, 1, false, 64);
        Tensor loss = objective.Evaluate(narrow, labels).Loss;
        loss.backward();
        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(objective.Evaluate(narrow.detach().to_type(ScalarType.Float32), labels).Loss.item<float>(), loss.item<float>());
        Assert.Equal(half, narrow.grad!.dtype);
        Gradients.AssertFinite(narrow.grad);
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("normface")]
    [InlineData("cosface")]
    [InlineData("linear")]
    [InlineData("none")]
    [InlineData("clip")]
    [InlineData("straight-through")]
    public void HasFiniteGradientsForAlignedOpposedAndZeroEmbeddings(string curve)
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create(curve, 3, 4, 1, false, 64);
        Tensor weight = ((DenseCentres)objective.Centres).Weight;
        Tensor embeddings = stack([weight.detach()[0] * 300, weight.detach()[1] * -300, zeros(4)]).requires_grad_();
        ObjectiveValue value = objective.Evaluate(embeddings, tensor(new long[] { 0, 1, 2 }));
        value.Loss.backward();
        Gradients.AssertFinite(value.Loss);
        Gradients.AssertFinite(embeddings.grad);
        Gradients.AssertFinite(weight.grad);
        Assert.All(value.Figures.Values, f => Assert.True(double.IsFinite(f)));
        if (curve != "softmax")
        {
            Assert.Equal(0, embeddings.grad![2].abs().max().item<float>());
        }
    }

    [Fact]
    public void ReportsWhereTheOwnClassStands()
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create("normface", 2, 2, 1, false, 8);
        using (no_grad())
        {
            ((DenseCentres)objective.Centres).Weight.copy_(tensor(new float[] { 2, 0, 0, 3 }, [2, 2]));
        }

        // 0° from its own centre; 60° from its own and 30° from the other.
        Tensor embeddings = tensor(new float[] { 5, 0, MathF.Sqrt(3), 1 }, [2, 2]);
        IReadOnlyDictionary<string, double> figures = objective.Evaluate(embeddings, tensor(new long[] { 0, 1 })).Figures;
        Assert.Equal(0.5, figures["accuracy"]);
        Assert.Equal(0.75, figures["target_cosine"], 6);
        Assert.Equal(30, figures["target_angle"], 1);
        Assert.Equal(8, figures["scale"]);
    }

    [Fact]
    public void GivesZeroThatBackPropagatesForAnEmptyBatch()
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create("linear", 3, 4, 1, false, 64);
        Tensor embeddings = zeros([0, 4]).requires_grad_();
        Tensor loss = objective.Evaluate(embeddings, zeros(0, ScalarType.Int64)).Loss;
        loss.backward();
        Assert.Equal(0, loss.item<float>());
        Assert.Equal([0, 4], embeddings.grad!.shape);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void NamesALabelOutOfRange(long label)
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create("linear", 3, 4, 1, false, 64);
        SemblanceException e = Assert.Throws<SemblanceException>(() => objective.Evaluate(ones([1, 4]), tensor(new[] { label })));
        Assert.Contains($"A label is {label}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesEmbeddingsOfAnotherSizeAndLabelsOfAnotherNumber()
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create("linear", 3, 4, 1, false, 64);
        Assert.Contains("[1 × 5]", Assert.Throws<SemblanceException>(() => objective.Evaluate(ones([1, 5]), zeros(1, ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Contains("[2]", Assert.Throws<SemblanceException>(() => objective.Evaluate(ones([1, 4]), zeros(2, ScalarType.Int64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesOnlyTheLossToItsCaller()
    {
        using MarginSoftmaxObjective objective = Create("linear", 3, 4, 1, false, 64);
        using DisposeScope scope = NewDisposeScope();
        Tensor embeddings = ones([2, 4]).requires_grad_();
        Tensor labels = zeros(2, ScalarType.Int64);
        int before = scope.DisposablesCount;
        objective.Evaluate(embeddings, labels);
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    private static MarginSoftmaxObjective Create(string curve, int classes, int dim, long seed, bool learned, double scale) => new(
        curve,
        curve switch
        {
            "softmax" => new SoftmaxLogit(),
            "normface" => new NormFaceLogit(),
            "cosface" => new CosFaceLogit(),
            "linear" => new ArcFaceLogit(),
            "none" => new ArcFaceLogit(beyondPi: BeyondPi.None),
            "easy-margin" => new ArcFaceLogit(beyondPi: BeyondPi.EasyMargin),
            "cosine" => new ArcFaceLogit(beyondPi: BeyondPi.Cosine),
            "clip" => new ArcFaceLogit(beyondPi: BeyondPi.Clip),
            _ => new ArcFaceLogit(beyondPi: BeyondPi.None, gradient: MarginGradient.StraightThrough),
        },
        new DenseCentres(classes, dim, (ulong)seed, withBias: curve == "softmax"),
        curve == "softmax" ? LogitScale.None : new LogitScale(scale, learned));
}

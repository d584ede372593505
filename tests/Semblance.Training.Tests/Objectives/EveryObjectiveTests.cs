using CsCheck;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

/// <summary>What holds for every objective of the registry with its defaults; a new one is covered by being registered.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class EveryObjectiveTests
{
    private const int Classes = 7;
    private const int Dim = 6;

    /// <summary>
    /// Objectives whose published gradient takes something for a constant that does depend on the embeddings. Plain differences move that
    /// constant with them, so it is held here in the way that the second field tells.
    /// </summary>
    private static readonly Dictionary<string, (string Constant, Hold Hold)> GradientWithConstants = new()
    {
        ["curricularface"] = ("t, the running mean of target cosines: so slow a mean stands still", Hold.With(("rate", 1e-13))),
        ["adaface"] = ("the norm, from which the margin follows: differences are taken along the sphere, where it stays", Hold.Norms),
        ["deepid2"] = ("the margin, which the first batch's threshold sets: a fixed one", Hold.With(("margin_rule", "fixed"), ("margin", 2.0))),
        ["adacos"] = ("the scale, which follows from the batch", Hold.InCasesOnly),
        ["circle"] = ("the weights α of pairs", Hold.InCasesOnly),
        ["circle-class"] = ("the weights α of classes", Hold.InCasesOnly),
        ["ranked-list"] = ("the weights of negatives", Hold.InCasesOnly),
    };

    /// <summary>Objectives for which the order of a batch, or the place of a sample in it, decides something.</summary>
    private static readonly Dictionary<string, string> DependsOnOrder = new()
    {
        ["elasticface"] = "margins are drawn in the order of the batch",
        ["margin"] = "negatives are drawn in the order of the batch",
        ["n-pair"] = "the first two samples of a class are its pair",
    };

    private static readonly Gen<(int Batch, int Dim, int Classes, int Seed)> Shapes =
        Gen.Select(Gen.Int[1, 8], Gen.Int[2, 4], Gen.Int[1, 5], Gen.Int[1, 1_000_000]);

    public static TheoryData<string> Names => [.. ObjectiveRegistry.Names];

    public static TheoryData<string, ScalarType> Halves => [.. ObjectiveRegistry.Names.SelectMany(
        n => new TheoryDataRow<string, ScalarType>[] { new(n, ScalarType.Float16), new(n, ScalarType.BFloat16) })];

    /// <summary>Batches that break careless code, as label and embedding of each sample.</summary>
    public static TheoryData<string, string> Edges => [.. ObjectiveRegistry.Names.SelectMany(
        n => EdgeBatches.Names.Select(e => new TheoryDataRow<string, string>(n, e)))];

    /// <summary>All but those whose gradient only the golden cases compare, since their differences hold what it takes for constant.</summary>
    public static TheoryData<string> Differentiable =>
        [.. ObjectiveRegistry.Names.Where(n => !GradientWithConstants.TryGetValue(n, out (string, Hold Hold) constant) || constant.Hold != Hold.InCasesOnly)];

    /// <summary>All but those for which the order of a batch decides something.</summary>
    public static TheoryData<string> WithoutOrder => [.. ObjectiveRegistry.Names.Where(n => !DependsOnOrder.ContainsKey(n))];

    [Fact]
    public void OnlyRegisteredObjectivesAreExempt() =>
        Assert.Empty(GradientWithConstants.Keys.Concat(DependsOnOrder.Keys).Except(ObjectiveRegistry.Names));

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void GradientsEqualCentralDifferences(string name)
    {
        (_, Hold hold) = GradientWithConstants.GetValueOrDefault(name, ("", Hold.Nothing));
        (int compared, int atSwitches) = (0, 0);
        Shapes.Sample(
            shape =>
            {
                using DisposeScope scope = NewDisposeScope();
                (Tensor embeddings, Tensor labels) = Gradients.Batch(shape.Seed, shape.Batch, shape.Dim, shape.Classes);
                using FrozenObjective objective = new(name, shape.Classes, shape.Dim, seed: (ulong)shape.Seed, samples: shape.Batch, parameters: hold.Parameters);
                Tensor samples = arange(shape.Batch, ScalarType.Int64);
                (_, Dictionary<string, Tensor> gradients) = objective.Differentiate(embeddings, labels, samples);
                foreach ((string input, Tensor tensor) in objective.Objective.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Prepend(("embeddings", embeddings)))
                {
                    bool alongSphere = hold == Hold.Norms && input == "embeddings";
                    double[] analytic = alongSphere ? AlongSphere(tensor, gradients[input]) : Gradients.Of(gradients[input]);
                    double tolerance = 2e-6 * Math.Max(0.1, analytic.Select(Math.Abs).DefaultIfEmpty(0).Max());
                    for (int i = 0; i < analytic.Length; i++)
                    {
                        compared++;
                        double fine = Slope(tensor, i, 1e-6, alongSphere);
                        if (Math.Abs(fine - analytic[i]) <= tolerance)
                        {
                            continue;
                        }

                        // Two steps that disagree have a switch between them (a hinge, a choice of the miner); there is no slope to compare.
                        double coarse = Slope(tensor, i, 1e-5, alongSphere);
                        Assert.True(Math.Abs(fine - coarse) > tolerance, $"{name}, {shape}: {input}[{i}] is {analytic[i]:R}, by differences {fine:R}");
                        atSwitches++;
                    }
                }

                double Slope(Tensor tensor, int at, double step, bool alongSphere)
                {
                    using DisposeScope inner = NewDisposeScope();
                    using IDisposable noGradient = no_grad();
                    Tensor start = tensor.detach().clone();
                    Tensor direction = zeros_like(start);
                    direction.view(-1)[at] = 1;
                    direction = alongSphere ? Tangent(start, direction) : direction;
                    double above = At(step);
                    double below = At(-step);
                    tensor.detach().copy_(start);
                    return (above - below) / (2 * step);

                    double At(double distance)
                    {
                        tensor.detach().copy_(start + (direction * distance));
                        return objective.Evaluate(embeddings, labels, samples).Loss.item<double>();
                    }
                }
            },
            iter: 5,
            threads: 1);
        // One tuple at its switch takes the entries of its photos with it.
        Assert.InRange(atSwitches, 0, Math.Max(12, compared / 50));
    }

    [Theory]
    [MemberData(nameof(WithoutOrder))]
    public void TheOrderOfTheBatchChangesNothing(string name)
    {
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Shuffle(Enumerable.Range(0, 12).Select(i => (long)i).ToArray())).Sample(
            (seed, order) =>
            {
                using DisposeScope scope = NewDisposeScope();
                (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 12, Dim, Classes);
                using FrozenObjective objective = new(name, Classes, Dim, seed: (ulong)seed, samples: 12);
                Tensor samples = arange(12, ScalarType.Int64);
                Tensor permutation = tensor(order);
                var plain = objective.Differentiate(embeddings, labels, samples);
                Tensor moved = embeddings.detach().index_select(0, permutation).requires_grad_();
                var permuted = objective.Differentiate(moved, labels.index_select(0, permutation), samples.index_select(0, permutation));

                AssertNear(plain.Loss, permuted.Loss, name);
                plain.Gradients["embeddings"] = plain.Gradients["embeddings"].index_select(0, permutation);
                AssertNear(plain.Gradients, permuted.Gradients, name);
            },
            iter: 5,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ARotationOfEmbeddingsAndCentresChangesNothing(string name) => Gen.Int[1, 1_000_000].Sample(
        seed =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 12, Dim, Classes);
            using FrozenObjective objective = new(name, Classes, Dim, seed: (ulong)seed, samples: 12);
            Tensor samples = arange(12, ScalarType.Int64);
            (Tensor rotation, _) = linalg.qr(Gradients.Batch(seed + 1, Dim, Dim, 1).Embeddings.detach());
            var plain = objective.Differentiate(embeddings, labels, samples);
            using (no_grad())
            {
                foreach (Tensor points in objective.Points(Dim))
                {
                    points.copy_(points.matmul(rotation));
                }
            }

            Tensor turned = embeddings.detach().matmul(rotation).requires_grad_();
            var rotated = objective.Differentiate(turned, labels, samples);

            AssertNear(plain.Loss, rotated.Loss, name);
            AssertNear(
                plain.Gradients.ToDictionary(g => g.Key, g => g.Value.dim() >= 2 && g.Value.shape[^1] == Dim ? g.Value.matmul(rotation) : g.Value),
                rotated.Gradients,
                name);
        },
        iter: 5,
        threads: 1);

    [Theory]
    [MemberData(nameof(Edges))]
    public void LossAndGradientsAreFinite(string name, string edge)
    {
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            using DisposeScope scope = NewDisposeScope();
            int classes = EdgeBatches.Classes(edge);
            using FrozenObjective objective = new(name, classes, Dim, dtype, samples: EdgeBatches.Size);
            Tensor? centres = objective.Objective.parameters().FirstOrDefault(p => p.dim() == 2 && p.shape[1] == Dim && p.shape[0] >= classes);
            (Tensor embeddings, Tensor labels) = EdgeBatches.Create(edge, Dim, dtype, centres);
            Tensor samples = arange(labels.shape[0], ScalarType.Int64);
            ObjectiveValue value = objective.Evaluate(embeddings, labels, samples);
            value.Loss.backward();

            Assert.True(value.Loss.isfinite().item<bool>(), $"{name}, {edge}: the loss is {value.Loss.to_type(ScalarType.Float64).item<double>()}");
            Gradients.AssertFinite(embeddings.grad);
            Assert.All(objective.Objective.parameters(), p => Assert.True(p.grad is null || p.grad.isfinite().all().item<bool>(), $"{name}, {edge}"));
            Assert.All(value.Figures, f => Assert.True(double.IsFinite(f.Value), $"{name}, {edge}: {f.Key} is {f.Value}"));
            if (name != "joint" && value.Figures.TryGetValue("tuples", out double tuples) && tuples == 0)
            {
                Assert.Equal(0, value.Loss.to_type(ScalarType.Float64).item<double>());
                Assert.Equal(0, embeddings.grad!.abs().sum().to_type(ScalarType.Float64).item<double>());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnEmptyBatchBackPropagates(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using FrozenObjective objective = new(name, Classes, Dim, ScalarType.Float32, samples: 12);
        Tensor embeddings = zeros(0, Dim).requires_grad_();

        ObjectiveValue value = objective.Evaluate(embeddings, zeros(0, ScalarType.Int64), zeros(0, ScalarType.Int64));
        value.Loss.backward();

        Assert.True(value.Loss.isfinite().item<bool>());
        Assert.Equal([0, Dim], embeddings.grad!.shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ALabelThatHasNoClassIsAnError(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (long wrong in new[] { -1L, Classes })
        {
            using FrozenObjective objective = new(name, Classes, Dim, ScalarType.Float32, samples: 12);
            // What keeps something for each class has rows for them; what compares photos alone takes any label for a person.
            bool keepsClasses = objective.Objective.parameters().Cast<Tensor>().Concat(objective.Objective.named_buffers().Select(b => b.buffer))
                .Any(t => t.dim() > 0 && t.shape[0] > 0 && t.shape[0] % Classes == 0);
            (Tensor embeddings, _) = Gradients.Batch(1, 4, Dim, Classes, ScalarType.Float32);
            Tensor labels = tensor(new[] { 0L, 0, 1, wrong });
            if (keepsClasses)
            {
                SemblanceException problem = Assert.Throws<SemblanceException>(() => objective.Evaluate(embeddings, labels, arange(4, ScalarType.Int64)));
                Assert.Contains(wrong.ToString(System.Globalization.CultureInfo.InvariantCulture), problem.Message, StringComparison.Ordinal);
            }
            else
            {
                Gradients.AssertFinite(objective.Evaluate(embeddings, labels, arange(4, ScalarType.Int64)).Loss);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Halves))]
    public void HalfEmbeddingsAreComputedInFloat32(string name, ScalarType half)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor drawn, Tensor labels) = Gradients.Batch(9, 12, Dim, Classes, ScalarType.Float32);
        using FrozenObjective objective = new(name, Classes, Dim, ScalarType.Float32, samples: 12);
        Tensor samples = arange(12, ScalarType.Int64);
        Tensor narrow = drawn.detach().to_type(half).requires_grad_();
        Tensor wide = narrow.detach().to_type(ScalarType.Float32).requires_grad_();

        Tensor loss = objective.Evaluate(narrow, labels, samples).Loss;
        loss.backward();
        Tensor reference = objective.Evaluate(wide, labels, samples).Loss;
        reference.backward();

        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(reference.item<float>(), loss.item<float>());
        Assert.Equal(half, narrow.grad!.dtype);
        Gradients.AssertFinite(narrow.grad);
        // One rounding to half, or one for each part of a sum.
        float rounding = half == ScalarType.Float16 ? 1f / 1024 : 1f / 128;
        Tensor exact = wide.grad!;
        Assert.InRange((narrow.grad.to_type(ScalarType.Float32) - exact).abs().max().item<float>(), 0, rounding * exact.abs().max().item<float>() + 1e-7f);
    }

    // The part of each row's direction that leaves the row's norm as it is.
    private static Tensor Tangent(Tensor rows, Tensor directions)
    {
        Tensor unit = rows / rows.norm(1, keepdim: true);
        return directions - (unit * (directions * unit).sum(1, keepdim: true));
    }

    // A gradient that takes the norm for a constant has no part along the row: what is left is the slope along each axis' tangent.
    private static double[] AlongSphere(Tensor rows, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor along = (gradient * rows.detach()).sum(1).abs();
        Assert.InRange(along.max().item<double>(), 0, 1e-9 * Math.Max(1, gradient.abs().max().item<double>()));
        return Gradients.Of(Tangent(rows.detach(), gradient));
    }

    private static void AssertNear(double expected, double actual, string name) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"{name}: the loss was {expected:R} and is {actual:R}");

    private static void AssertNear(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual, string name)
    {
        foreach ((string input, Tensor gradient) in expected)
        {
            double largest = gradient.abs().max().item<double>();
            double difference = (gradient - actual[input]).abs().max().item<double>();
            Assert.True(difference <= 1e-8 * Math.Max(1, largest), $"{name}: the gradient of {input} changes by {difference:R} of {largest:R}");
        }
    }

    /// <summary>How a constant of a gradient is held while differences are taken.</summary>
    private sealed class Hold(IReadOnlyDictionary<string, object?> parameters)
    {
        public IReadOnlyDictionary<string, object?> Parameters => parameters;

        public static Hold Nothing { get; } = new(new Dictionary<string, object?>());

        public static Hold Norms { get; } = new(new Dictionary<string, object?>());

        public static Hold InCasesOnly { get; } = new(new Dictionary<string, object?>());

        public static Hold With(params (string Key, object? Value)[] parameters) => new(parameters.ToDictionary(p => p.Key, p => p.Value));
    }
}

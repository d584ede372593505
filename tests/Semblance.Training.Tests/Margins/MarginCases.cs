using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

/// <summary>What every margin loss is held to: its formula by loops in double, one point of its curve, and the edges of its inputs.</summary>
internal static class MarginCases
{
    /// <summary>The mean of −log softmax with ψ(θ, i) at the own class, by loops.</summary>
    public static double Loss(
        Tensor embeddings, Tensor weight, Tensor labels, Func<double, int, double> curve, bool normaliseEmbeddings, bool normaliseCentres, double scale)
    {
        (int batch, int dim, int classes) = ((int)embeddings.shape[0], (int)embeddings.shape[1], (int)weight.shape[0]);
        double[] x = Gradients.Of(embeddings);
        double[] w = Gradients.Of(weight);
        long[] y = labels.data<long>().ToArray();
        double total = 0;
        for (int i = 0; i < batch; i++)
        {
            double[] logits = new double[classes];
            for (int c = 0; c < classes; c++)
            {
                double dot = 0, xx = 0, ww = 0;
                for (int d = 0; d < dim; d++)
                {
                    dot += x[(i * dim) + d] * w[(c * dim) + d];
                    xx += x[(i * dim) + d] * x[(i * dim) + d];
                    ww += w[(c * dim) + d] * w[(c * dim) + d];
                }

                double cosine = dot / Math.Sqrt(xx * ww);
                double factor = scale * (normaliseEmbeddings ? 1 : Math.Sqrt(xx)) * (normaliseCentres ? 1 : Math.Sqrt(ww));
                logits[c] = factor * (c == y[i] ? curve(Math.Acos(cosine), i) : cosine);
            }

            total += Math.Log(logits.Sum(l => Math.Exp(l - logits.Max()))) + logits.Max() - logits[y[i]];
        }

        return total / batch;
    }

    /// <summary>ψ and its slope in cos θ at one angle, for an embedding of the given norm.</summary>
    public static (double Value, double Slope) At(ITargetLogit curve, double theta, double norm = 1)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor cosine = tensor(new[] { Math.Cos(theta) }).requires_grad_();
        Tensor bent = curve.Bend(new TargetColumn(cosine, full_like(cosine, norm).detach()));
        bent.sum().backward();
        return (bent.item<double>(), cosine.grad!.item<double>());
    }

    /// <summary>ψ at many angles from 0 to π.</summary>
    public static double[] Sweep(ITargetLogit curve, int points = 721, double norm = 1) =>
        [.. Enumerable.Range(0, points).Select(i => At(curve, Math.PI * i / (points - 1), norm).Value)];

    /// <summary>Finite value and slope at and just past both ends, in both dtypes.</summary>
    public static void AssertFiniteAtTheEnds(Func<ITargetLogit> create)
    {
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            using DisposeScope scope = NewDisposeScope();
            ITargetLogit curve = create();
            (curve as nn.Module)?.to(dtype);
            Tensor column = tensor(new[] { 1, -1, 1 + 1e-6, -1 - 1e-6 }).to_type(dtype).requires_grad_();
            Tensor bent = curve.Bend(new TargetColumn(column, tensor(new[] { 0.0, 20, 1e9, 1 }).to_type(dtype)));
            bent.sum().backward();
            Gradients.AssertFinite(bent);
            Gradients.AssertFinite(column.grad);
        }
    }

    /// <summary>
    /// Embeddings on, opposite and without direction, of a batch of one, of half precision, of an empty batch, of a single class: all finite.
    /// </summary>
    public static void AssertSound(string name, params (string Key, object? Value)[] parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        Objective Create(int classes) =>
            ObjectiveRegistry.Create(name, parameters.ToDictionary(p => p.Key, p => p.Value), new ObjectiveContext(classes, 4, 1));
        using Objective objective = Create(3);
        Tensor weight = objective.named_parameters().First(p => p.parameter.dim() == 2).parameter;
        Tensor on = weight.detach()[0] * 300;
        AssertFinite(objective, stack([on, on, weight.detach()[weight.shape[0] / 3] * -300, zeros(4)]), [0, 0, 1, 2]);
        AssertFinite(objective, on.unsqueeze(0), [2]);
        foreach (ScalarType half in new[] { ScalarType.Float16, ScalarType.BFloat16 })
        {
            Tensor loss = AssertFinite(objective, (randn([6, 4]) * 5).to_type(half), [0, 1, 2, 0, 1, 2]);
            Assert.Equal(ScalarType.Float32, loss.dtype);
        }

        Tensor none = zeros([0, 4]).requires_grad_();
        Tensor empty = objective.Evaluate(none, zeros(0, ScalarType.Int64)).Loss;
        empty.backward();
        Assert.Equal(0, empty.item<float>());
        Assert.Equal([0, 4], none.grad!.shape);
        foreach (long label in new long[] { 3, -1 })
        {
            SemblanceException e = Assert.Throws<SemblanceException>(() => objective.Evaluate(ones([1, 4]), tensor(new[] { label })));
            Assert.Contains($"A label is {label}", e.Message, StringComparison.Ordinal);
        }

        using Objective single = Create(1);
        AssertFinite(single, randn([3, 4]), [0, 0, 0]);
    }

    /// <summary>The value stays when the batch is permuted, and when embeddings and centres are turned together.</summary>
    public static void AssertInvariant(Func<MarginSoftmaxObjective> create, long seed)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 7, 4, 3);
        using MarginSoftmaxObjective objective = create();
        objective.to(ScalarType.Float64);
        objective.eval();
        using IDisposable noGradient = no_grad();
        double plain = objective.Evaluate(embeddings, labels).Loss.item<double>();
        using Generator generator = new((ulong)seed + 1);
        Tensor order = randperm(7, ScalarType.Int64, generator: generator);
        Tensor permuted = objective.Evaluate(embeddings.index_select(0, order), labels.index_select(0, order)).Loss;
        Assert.Equal(plain, permuted.item<double>(), 9);
        Tensor turn = linalg.qr(randn([4, 4], ScalarType.Float64, generator: generator)).Q;
        Tensor weight = objective.Centres is SubCentres sub ? sub.Weight : ((DenseCentres)objective.Centres).Weight;
        weight.copy_(weight.matmul(turn));
        Assert.Equal(plain, objective.Evaluate(embeddings.matmul(turn), labels).Loss.item<double>(), 9);
    }

    private static Tensor AssertFinite(Objective objective, Tensor rows, long[] labels)
    {
        Tensor embeddings = rows.detach().requires_grad_();
        objective.zero_grad();
        ObjectiveValue value = objective.Evaluate(embeddings, tensor(labels));
        value.Loss.backward();
        Gradients.AssertFinite(value.Loss);
        Gradients.AssertFinite(embeddings.grad);
        Assert.All(objective.parameters().Where(p => p.grad is not null), p => Gradients.AssertFinite(p.grad));
        Assert.All(value.Figures.Values, f => Assert.True(double.IsFinite(f)));
        return value.Loss;
    }
}

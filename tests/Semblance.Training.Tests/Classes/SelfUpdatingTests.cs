using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Classes;

/// <summary>Layers that update themselves make the steps of the dense one under momentum SGD.</summary>
public sealed class SelfUpdatingTests
{
    private const int Classes = 1500;
    private const int Dim = 16;
    private const double Decay = 5e-4;

    [Theory]
    [InlineData("arcface", false, 0.9, 0.0, ScalarType.Float64, 1e-11)]
    [InlineData("arcface", false, 0.9, 0.0, ScalarType.Float32, 1e-4)]
    [InlineData("arcface", true, 0.9, 0.5, ScalarType.Float64, 1e-11)]
    [InlineData("arcface", true, 0.9, 0.5, ScalarType.Float32, 1e-4)]
    [InlineData("curricularface", false, 0.9, 0.5, ScalarType.Float64, 1e-11)]
    [InlineData("sphereface", false, 0.9, 1.0, ScalarType.Float64, 1e-11)]
    [InlineData("softmax", false, 0.0, 0.0, ScalarType.Float64, 1e-11)]
    [InlineData("softmax", true, 0.5, 0.3, ScalarType.Float64, 1e-11)]
    public void TheClosedFormEqualsAutogradOverAHundredSteps(string loss, bool nesterov, double momentum, double clip, ScalarType dtype, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        (double[] dense, double[] denseLosses) = Train(loss, "dense", nesterov, momentum, clip, dtype);
        (double[] closed, double[] closedLosses) = Train(loss, "closed-form", nesterov, momentum, clip, dtype);
        using MarginSoftmaxObjective start = Create(loss, "dense");
        double moved = dense.Zip(Gradients.Of(Weight(start)), (a, b) => Math.Abs(a - b)).Max();
        Assert.True(moved > 1e-3, $"the weights have moved by {moved:R} only");
        Assert.InRange(dense.Zip(closed, (a, b) => Math.Abs(a - b)).Max() / moved, 0, tolerance);
        Assert.InRange(denseLosses.Zip(closedLosses, (a, b) => Math.Abs(a - b) / Math.Max(1, a)).Max(), 0, tolerance);
    }

    [Fact]
    public void SampledWithAllClassesEqualsAutograd()
    {
        using DisposeScope scope = NewDisposeScope();
        (double[] dense, _) = Train("arcface", "dense", true, 0.9, 0.5, ScalarType.Float64);
        (double[] sampled, _) = Train("arcface", "sampled", true, 0.9, 0.5, ScalarType.Float64);
        Assert.InRange(dense.Zip(sampled, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-12);
    }

    [Theory]
    [InlineData("closed-form")]
    [InlineData("sampled")]
    public void ARestoredStateGoesOnToTheSameBits(string layer)
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective unbroken = Create("arcface", layer, sampleRate: 0.1);
        using MarginSoftmaxObjective first = Create("arcface", layer, sampleRate: 0.1);
        using MarginSoftmaxObjective second = Create("arcface", layer, sampleRate: 0.1);
        Run(unbroken, 0, 12, false, 0.9, 1);
        Run(first, 0, 5, false, 0.9, 1);
        using (no_grad())
        {
            Dictionary<string, Tensor> saved = first.state_dict();
            Assert.Contains("centres.weight", saved.Keys);
            Assert.Contains("centres.momentum", saved.Keys);
            foreach ((string name, Tensor target) in second.state_dict())
            {
                target.copy_(saved[name]);
            }
        }

        Run(second, 5, 12, false, 0.9, 1);
        Assert.Equal(Gradients.Of(Weight(unbroken)), Gradients.Of(Weight(second)));
    }

    [Fact]
    public void AJointObjectiveWeighsTheUpdateToo()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] Moved(string layer)
        {
            MarginSoftmaxObjective part = Create("arcface", layer);
            using JointObjective joint = new("sum", [new JointPart("a", part, new ConstantWeight(0.25))]);
            joint.to(ScalarType.Float64);
            Run(joint, 0, 3, false, 0.9, 0);
            return Gradients.Of(Weight(part));
        }

        double[] dense = Moved("dense");
        Assert.InRange(dense.Zip(Moved("closed-form"), (a, b) => Math.Abs(a - b)).Max(), 0, 1e-13);
    }

    [Theory]
    [InlineData("closed-form")]
    [InlineData("sampled")]
    public void TheNormOfItsGradientIsThatOfTheDenseOne(string layer)
    {
        using DisposeScope scope = NewDisposeScope();
        double Norm(string kind)
        {
            using MarginSoftmaxObjective objective = Create("cosface", kind);
            objective.to(ScalarType.Float64);
            using var optimizer = Optimizer(objective, false, 0.9);
            (Tensor embeddings, Tensor labels) = Batch(1, ScalarType.Float64);
            objective.Evaluate(embeddings, labels).Loss.backward();
            return GradientNorm.Of(optimizer);
        }

        double dense = Norm("dense");
        Assert.Equal(dense, Norm(layer), dense * 1e-10);
    }

    [Fact]
    public void AnUpdateWithoutAGradientChangesNothing()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (string layer in new[] { "closed-form", "sampled" })
        {
            using MarginSoftmaxObjective objective = Create("arcface", layer);
            double[] before = Gradients.Of(Weight(objective));
            var part = (ISelfUpdating)objective.Centres;
            (Tensor embeddings, Tensor labels) = Batch(1, ScalarType.Float32);
            using (no_grad())
            {
                objective.Evaluate(embeddings, labels);
            }

            Assert.Equal(0, part.SquaredGradientNorm());
            part.Update(new SgdStep(0.1, 0.9, false, 0.1));
            Assert.Equal(before, Gradients.Of(Weight(objective)));
        }
    }

    [Fact]
    public void NeitherIsAParameterOfTheOptimiser()
    {
        foreach (string layer in new[] { "closed-form", "sampled" })
        {
            using MarginSoftmaxObjective objective = Create("arcface", layer);
            Assert.Empty(objective.parameters());
            Assert.Single(SelfUpdatingPart.Of(objective, 1, 0));
        }

        using var adamw = new AdamW([]);
        Assert.Empty(adamw.SelfUpdating);
    }

    [Fact]
    public void ACentreWithoutDirectionStaysFinite()
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create("arcface", "closed-form");
        using (no_grad())
        {
            Weight(objective)[0].zero_();
        }

        Run(objective, 0, 3, false, 0.9, 1);
        Gradients.AssertFinite(Weight(objective));
    }

    private static (double[] Weight, double[] Losses) Train(string loss, string layer, bool nesterov, double momentum, double clip, ScalarType dtype)
    {
        using MarginSoftmaxObjective objective = Create(loss, layer);
        objective.to(dtype);
        double[] losses = Run(objective, 0, 100, nesterov, momentum, clip);
        return (Gradients.Of(Weight(objective)), losses);
    }

    private static double[] Run(Objective objective, int from, int to, bool nesterov, double momentum, double clip)
    {
        ScalarType dtype = objective.state_dict().First(pair => pair.Key.EndsWith("weight", StringComparison.Ordinal)).Value.dtype;
        using MomentumSgd optimizer = Optimizer(objective, nesterov, momentum);
        List<double> losses = [];
        for (int step = from; step < to; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Batch(step, dtype);
            Tensor loss = objective.Evaluate(embeddings, labels).Loss;
            loss.backward();
            losses.Add(loss.to_type(ScalarType.Float64).item<double>());
            if (clip > 0)
            {
                GradientNorm.Clip(optimizer, clip);
            }

            optimizer.Step(0.02);
            optimizer.ClearGradients();
        }

        return [.. losses];
    }

    private static MomentumSgd Optimizer(Objective objective, bool nesterov, double momentum) => new(
        WeightDecayGroups.Split(objective, "objective.", 1, Decay, false), momentum, nesterov, SelfUpdatingPart.Of(objective, 1, Decay));

    // Samples gather round their class, so that the loss falls.
    private static (Tensor Embeddings, Tensor Labels) Batch(int step, ScalarType dtype)
    {
        using Generator generator = new((ulong)step + 100);
        Tensor labels = randint(0, Classes, [24], ScalarType.Int64, generator: generator);
        Tensor noise = randn([24, Dim], ScalarType.Float64, generator: generator);
        Tensor places = stack([.. Enumerable.Range(0, Dim).Select(d => ((labels + 1) * (d + 1.7)).sin())], 1);
        return (((places * 2) + (noise * 0.3)).to_type(dtype).detach().requires_grad_(), labels);
    }

    private static Tensor Weight(MarginSoftmaxObjective objective) => objective.Centres switch
    {
        ClosedFormCentres closed => closed.Weight,
        SampledCentres sampled => sampled.Weight,
        _ => ((DenseCentres)objective.Centres).Weight.detach(),
    };

    private static MarginSoftmaxObjective Create(string loss, string layer, double sampleRate = 1)
    {
        Dictionary<string, object?> parameters = new() { ["class_layer"] = layer };
        if (layer == "sampled")
        {
            parameters["sample_rate"] = sampleRate;
        }

        if (loss == "softmax")
        {
            parameters["bias"] = false;
        }

        var objective = (MarginSoftmaxObjective)ObjectiveRegistry.Create(loss, parameters, new ObjectiveContext(Classes, Dim, 3));
        if (objective.Centres is ClosedFormCentres closed)
        {
            // Three blocks, the last a short one.
            closed.BlockRows = 700;
        }

        return objective;
    }
}

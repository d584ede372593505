using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class MarginLossTests
{
    private const int Batch = 12;

    public static TheoryData<BoundaryScope> Scopes => [.. Enum.GetValues<BoundaryScope>()];

    [Theory]
    [MemberData(nameof(Scopes))]
    public void IsThePapersSumOverPairs(BoundaryScope scope)
    {
        using DisposeScope disposal = NewDisposeScope();
        (double[] beta, LearnedBoundary boundary, TupleBatch batch, double[][] d, long[] y, _) = Draw(scope);
        using MarginLoss loss = new(0.2, boundary, scope == BoundaryScope.Fixed ? 0 : 0.1);
        double nu = scope == BoundaryScope.Fixed ? 0 : 0.1;
        (double sum, int active, double pull, int pairs) = (0, 0, 0, 0);
        for (int i = 0; i < Batch; i++)
        {
            for (int j = 0; j < Batch; j++)
            {
                if (i != j)
                {
                    double penalty = Math.Max(0, 0.2 + ((y[i] == y[j] ? 1 : -1) * (d[i][j] - beta[i])));
                    sum += penalty;
                    active += penalty > 0 ? 1 : 0;
                    pull += nu / 2 * beta[i];
                    pairs++;
                }
            }
        }

        PairSelection all = new AllPairsMiner().Mine(batch.Distances, batch.Relations);
        TupleTerms terms = Assert.Single(loss.Terms(batch, all));
        Assert.Equal((sum + pull) / active, TupleReduction.MeanOverActive.Reduce(terms).item<double>(), 6);
        Assert.Equal((sum + pull) / pairs, TupleReduction.MeanOverAll.Reduce(terms).item<double>(), 6);
        Assert.Equal(sum + pull, TupleReduction.Sum.Reduce(terms).item<double>(), 4);
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public void GradientsOfEmbeddingsAndBoundariesEqualCentralDifferences(BoundaryScope scope)
    {
        using DisposeScope disposal = NewDisposeScope();
        (_, LearnedBoundary boundary, _, _, _, (Tensor embeddings, Tensor labels, Tensor samples)) = Draw(scope);
        using MarginLoss loss = new(0.2, boundary, scope == BoundaryScope.Fixed ? 0 : 0.1);
        loss.to(ScalarType.Float64);
        Value().backward();
        foreach (Tensor input in new[] { embeddings }.Concat(loss.parameters()))
        {
            double[] analytic = Gradients.Of(input.grad!);
            Assert.Contains(analytic, g => g != 0);
            using IDisposable noGradient = no_grad();
            Tensor flat = input.detach().view(-1);
            for (int i = 0; i < analytic.Length; i++)
            {
                double at = flat[i].item<double>();
                flat[i] = at + 1e-6;
                double above = Value().item<double>();
                flat[i] = at - 1e-6;
                double below = Value().item<double>();
                flat[i] = at;
                Assert.Equal((above - below) / 2e-6, analytic[i], 1e-6);
            }
        }

        Tensor Value()
        {
            DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, true);
            TupleBatch batch = new(distances, IdentityRelations.Of(labels), labels, samples);
            return TupleReduction.MeanOverActive.Reduce(Assert.Single(loss.Terms(batch, new AllPairsMiner().Mine(distances, batch.Relations))));
        }
    }

    [Fact]
    public void AddsNuOnceToAGlobalBoundaryWhereAsked()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, Batch, 4, 4);
        double plain = Loss("beta_scope=global miner=all");
        Assert.Equal(plain + (0.1 * 1.2), Loss("beta_scope=global miner=all nu=0.1 nu_form=once"), 6);
        Assert.Equal(0, LossOf("beta_scope=global nu=0.1 nu_form=once", embeddings.narrow(0, 0, 1), labels.narrow(0, 0, 1)));

        double Loss(string parameters) => LossOf(parameters, embeddings, labels);
    }

    [Fact]
    public void CostsNothingWherePairsLieOnTheirSides()
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Written.Objective("margin", "miner=all nu=0.5");
        Tensor embeddings = tensor(new double[] { 1, 0, 0, 0, 1, 0.1, 0, 0, -1, 0, 0, 0, -1, 0.1, 0, 0 }).reshape(4, 4).requires_grad_();
        ObjectiveValue value = objective.Evaluate(embeddings, tensor(new long[] { 0, 0, 1, 1 }));
        value.Loss.backward();
        Assert.Equal(0, value.Loss.item<double>());
        Assert.Equal(0, embeddings.grad!.abs().sum().item<double>());
        Assert.Equal(0, value.Figures["active_tuples"]);
    }

    [Fact]
    public void LearnsABoundaryForEachIdentityByDefault()
    {
        using Objective objective = Written.Objective("margin", "");
        (string name, Parameter parameter) = Assert.Single(objective.named_parameters());
        Assert.Equal("loss.beta.classes", name);
        Assert.Equal([Written.Classes], parameter.shape);
        Assert.Equal(1.2f, parameter[0].item<float>());
        using Objective sum = Written.Objective("margin", "beta_scope=sum", samples: 9);
        Assert.Equal([1, Written.Classes, 9], sum.parameters().Select(p => p.shape[0]));
        using Objective none = Written.Objective("margin", "beta_scope=fixed");
        Assert.Empty(none.parameters());
    }

    [Theory]
    [InlineData("beta_scope=fixed nu=0.1")]
    [InlineData("nu_form=once")]
    [InlineData("nu=0.1 nu_form=once")]
    [InlineData("beta_scope=sample")]
    [InlineData("beta_scope=sum")]
    [InlineData("beta=0")]
    public void RefusesWhatHasNoEffectOrNoMeaning(string parameters) => Assert.Throws<UsageException>(() => Written.Objective("margin", parameters));

    [Fact]
    public void NamesLabelsAndPhotosOutOfRange()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 4, 4, 2);
        using Objective classes = Written.Objective("margin", "miner=all");
        Assert.Contains("classes", Assert.Throws<SemblanceException>(() => classes.Evaluate(embeddings, labels + 4000)).Message, StringComparison.Ordinal);
        using Objective photos = Written.Objective("margin", "miner=all beta_scope=sample", samples: 9);
        Assert.Throws<SemblanceException>(() => photos.Evaluate(embeddings, labels));
        Assert.Contains("photo 9", Assert.Throws<SemblanceException>(
            () => photos.Evaluate(embeddings, labels, tensor(new long[] { 0, 1, 9, 2 }))).Message, StringComparison.Ordinal);
        photos.Evaluate(embeddings, labels, tensor(new long[] { 0, 1, 8, 2 }));
    }

    private static double LossOf(string parameters, Tensor embeddings, Tensor labels)
    {
        using Objective objective = Written.Objective("margin", parameters);
        return objective.Evaluate(embeddings, labels).Loss.item<double>();
    }

    private static (double[] Beta, LearnedBoundary Boundary, TupleBatch Batch, double[][] D, long[] Y, (Tensor Embeddings, Tensor Labels, Tensor Samples) Inputs) Draw(BoundaryScope scope)
    {
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, Batch, 4, 4);
        Tensor samples = arange(Batch, ScalarType.Int64).flip(0) + 3;
        LearnedBoundary boundary = new(1.2, scope, 4, Batch + 3);
        using (no_grad())
        {
            foreach (Parameter parameter in boundary.parameters())
            {
                parameter.add_(arange(parameter.shape[0], ScalarType.Float32) * 0.0137f);
            }
        }

        DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, true);
        TupleBatch batch = new(distances, IdentityRelations.Of(labels), labels, samples);
        long[] y = labels.data<long>().ToArray();
        double[] beta = [.. Enumerable.Range(0, Batch).Select(i => scope switch
        {
            BoundaryScope.Fixed or BoundaryScope.Global => 1.2,
            BoundaryScope.Class => 1.2 + (y[i] * 0.0137),
            BoundaryScope.Sample => 1.2 + ((Batch - 1 - i + 3) * 0.0137),
            _ => 1.2 + ((y[i] + Batch - 1 - i + 3) * 0.0137),
        })];
        return (beta, boundary, batch, Naive.Matrix(Gradients.Of(embeddings), Batch, 4, Distance.Euclidean, true), y, (embeddings, labels, samples));
    }
}

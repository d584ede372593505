using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

/// <summary>The gradient in closed form is autograd's through the composition.</summary>
public sealed class CutGraphTests
{
    public static TheoryData<Distance, bool, int, int> Kinds
    {
        get
        {
            TheoryData<Distance, bool, int, int> rows = [];
            foreach (Distance kind in Enum.GetValues<Distance>())
            {
                foreach (bool normalise in new[] { false, true })
                {
                    // Smaller and larger than the tiles and vectors of the kernels, with and without a memory.
                    foreach ((int batch, int further) in new[] { (1, 0), (7, 0), (7, 4), (64, 0), (150, 0), (150, 33) })
                    {
                        rows.Add(kind, normalise, batch, further);
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GivesValueAndGradientOfTheComposition(Distance kind, bool normalise, int batch, int further)
    {
        foreach ((ScalarType dtype, double tolerance) in new[] { (ScalarType.Float64, 1e-11), (ScalarType.Float32, 1e-4) })
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, _) = Gradients.Batch(3, batch, 9, 2, dtype);
            Tensor? memory = further == 0 ? null : Gradients.Batch(4, further, 9, 2, dtype).Embeddings.detach();
            Tensor weights = Gradients.Batch(5, batch, batch + further, 2, dtype).Embeddings.detach();
            // A cell of a photo with itself carries no meaning.
            weights = weights * (1 - eye(batch, batch + further, dtype));

            DistanceMatrix composed = DistanceMatrix.Between(embeddings, kind, normalise, memory);
            Tensor loss = Loss(composed, weights);
            loss.backward();
            double[] expected = Gradients.Of(embeddings.grad!);
            embeddings.grad!.zero_();

            CutGraph cut = CutGraph.Of(embeddings, kind, normalise, memory);
            Tensor joined = cut.Join(Loss(cut.Distances, weights), []);
            joined.backward();
            double largest = expected.Max(Math.Abs) + 1e-12;
            Assert.Equal(loss.to_type(ScalarType.Float64).item<double>(), joined.to_type(ScalarType.Float64).item<double>(), tolerance * 100);
            Assert.All(Gradients.Of(embeddings.grad!).Zip(expected), pair => Assert.InRange(pair.First, pair.Second - (largest * tolerance), pair.Second + (largest * tolerance)));
            embeddings.grad!.zero_();

            // Slopes that a loss gives itself, here of Σ w·d, on either kind of matrix.
            foreach (bool isCut in new[] { true, false })
            {
                CutGraph again = CutGraph.Of(embeddings, kind, normalise, memory);
                DistanceMatrix distances = isCut ? again.Distances : DistanceMatrix.Between(embeddings, kind, normalise, memory);
                Tensor attached = distances.Attach((distances.Numbers * weights).sum(), () => weights);
                Tensor given = isCut ? again.Join(attached, []) : attached;
                Tensor followed = (DistanceMatrix.Between(embeddings, kind, normalise, memory).Values * weights).sum();
                double[] right = Back(followed);
                double size = right.Max(Math.Abs) + 1e-12;
                Assert.All(Back(given).Zip(right), pair => Assert.InRange(pair.First, pair.Second - (size * tolerance), pair.Second + (size * tolerance)));
            }

            double[] Back(Tensor value)
            {
                value.backward();
                double[] gradient = Gradients.Of(embeddings.grad!);
                embeddings.grad!.zero_();
                return gradient;
            }
        }

        // Depends on distances and on the embeddings beside them.
        static Tensor Loss(DistanceMatrix distances, Tensor weights) =>
            (distances.Values * weights).sum() + (distances.Anchors.pow(3).sum() * 0.1) + (distances.References.square().sum() * 0.01);
    }

    [Fact]
    public void HandsTheGradientOfParametersOn()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, _) = Gradients.Batch(1, 6, 4, 2);
        Parameter beta = new(tensor(1.5));
        Parameter unused = new(tensor(2.0));
        CutGraph cut = CutGraph.Of(embeddings, Distance.Euclidean, true);
        cut.Join((cut.Distances.Values.sum() * beta.square()) + beta, [beta, unused]).backward();
        Assert.Equal((cut.Distances.Values.sum().item<double>() * 3) + 1, beta.grad!.item<double>(), 10);
        Assert.Null(unused.grad);
    }

    [Fact]
    public void FollowsNothingWhereNoGradientIsWanted()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, _) = Gradients.Batch(1, 6, 4, 2);
        using (no_grad())
        {
            CutGraph cut = CutGraph.Of(embeddings, Distance.Euclidean, true);
            Assert.False(cut.Distances.Values.requires_grad);
            Assert.False(cut.Distances.Attach(cut.Distances.Numbers.sum(), () => throw new InvalidOperationException("not wanted")).requires_grad);
        }

        CutGraph frozen = CutGraph.Of(embeddings.detach(), Distance.Euclidean, true);
        Assert.False(frozen.Join(frozen.Distances.Values.sum(), []).requires_grad);
    }

    [Fact]
    public void MayBeWeighedAfterwards()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, _) = Gradients.Batch(1, 6, 4, 2);
        Tensor once = Loss();
        once.backward();
        double[] expected = [.. Gradients.Of(embeddings.grad!).Select(g => g * 0.25)];
        embeddings.grad!.zero_();
        (Loss() * 0.25).backward();
        Assert.All(Gradients.Of(embeddings.grad!).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 12));

        Tensor Loss()
        {
            CutGraph cut = CutGraph.Of(embeddings, Distance.Euclidean, true);
            return cut.Join(cut.Distances.Values.sum(), []);
        }
    }
}

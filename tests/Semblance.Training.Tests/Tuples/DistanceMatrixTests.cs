using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class DistanceMatrixTests
{
    [Theory]
    [InlineData(Distance.Euclidean, false)]
    [InlineData(Distance.Euclidean, true)]
    [InlineData(Distance.SquaredEuclidean, false)]
    [InlineData(Distance.SquaredEuclidean, true)]
    [InlineData(Distance.Cosine, true)]
    public void HoldsTheDistanceOfEveryPair(Distance kind, bool normalise)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, _) = Gradients.Batch(4, 6, 5, 2);
        double[] x = Gradients.Of(embeddings);
        double[] actual = Gradients.Of(DistanceMatrix.Between(embeddings, kind, normalise).Values);
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                if (i != j)
                {
                    Assert.Equal(Naive.Between(x, i, j, 5, kind, normalise), actual[(i * 6) + j], 10);
                }
            }
        }
    }

    [Theory]
    [InlineData(Distance.Euclidean)]
    [InlineData(Distance.SquaredEuclidean)]
    public void CountsDuplicatesAsZeroWithAZeroGradient(Distance kind)
    {
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor drawn, _) = Gradients.Batch(4, 16, 512, 2, dtype);
            Tensor embeddings = cat([drawn.detach(), drawn.detach()]).requires_grad_();
            DistanceMatrix distances = DistanceMatrix.Between(embeddings, kind, normalise: true);
            Tensor duplicates = distances.At(new PairIndices(arange(0, 16, ScalarType.Int64), arange(16, 32, ScalarType.Int64)));
            duplicates.sum().backward();
            Assert.Equal(0, duplicates.abs().max().to_type(ScalarType.Float64).item<double>());
            Assert.Equal(0, embeddings.grad!.abs().max().to_type(ScalarType.Float64).item<double>());
        }
    }

    [Fact]
    public void KeepsItsDigitsWhenEmbeddingsCrowdTogether()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor noise, _) = Gradients.Batch(6, 32, 64, 2);
        // Far from the origin and near each other: the plain product would lose everything in float32.
        Tensor crowded = (noise.detach() * 1e-4) + 10;
        Tensor single = crowded.to_type(ScalarType.Float32);
        double[] expected = Gradients.Of(DistanceMatrix.Between(single.to_type(ScalarType.Float64), Distance.Euclidean, false).Values);
        double[] actual = Gradients.Of(DistanceMatrix.Between(single, Distance.Euclidean, false).Values);
        for (int i = 0; i < expected.Length; i++)
        {
            if (i % 33 != 0)
            {
                Assert.InRange(actual[i], expected[i] * 0.999, expected[i] * 1.001);
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void ComputesHalfEmbeddingsInFloat32(ScalarType half)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, _) = Gradients.Batch(6, 4, 8, 2, half);
        Tensor values = DistanceMatrix.Between(embeddings, Distance.Euclidean, true).Values;
        Assert.Equal(ScalarType.Float32, values.dtype);
        Assert.Equal(Gradients.Of(DistanceMatrix.Between(embeddings.to_type(ScalarType.Float32), Distance.Euclidean, true).Values), Gradients.Of(values));
    }

    [Theory]
    [InlineData(Distance.Euclidean)]
    [InlineData(Distance.Cosine)]
    public void IsEmptyForAnEmptyBatch(Distance kind)
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([0, 0], DistanceMatrix.Between(zeros([0, 4]), kind, true).Values.shape);
    }
}

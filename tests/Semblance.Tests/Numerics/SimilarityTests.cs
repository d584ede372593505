using CsCheck;
using Semblance.Numerics;

namespace Semblance.Tests.Numerics;

public sealed class SimilarityTests
{
    [Theory]
    [InlineData(new[] { 1f, 0 }, new[] { 5f, 0 }, 1)]
    [InlineData(new[] { 1f, 0 }, new[] { -2f, 0 }, -1)]
    [InlineData(new[] { 1f, 0 }, new[] { 0f, 3 }, 0)]
    [InlineData(new[] { 0f, 0 }, new[] { 0f, 3 }, 0)]
    public void CosineOfKnownAngles(float[] x, float[] y, float expected) => Assert.Equal(expected, Similarity.Cosine(x, y), 1e-6f);

    [Fact]
    public void CosineNeverLeavesItsRange() => Gen.Float[-1e3f, 1e3f].Array[1, 70].Sample(x => Assert.InRange(Similarity.Cosine(x, x), 0f, 1f));

    [Fact]
    public void NormalisedVectorsHaveLengthOneAndZeroStaysZero()
    {
        float[] vector = [3, 4];
        Similarity.NormalizeInPlace(vector);
        Assert.Equal([0.6f, 0.8f], vector);
        float[] zero = new float[3];
        Similarity.NormalizeInPlace(zero);
        Assert.Equal([0, 0, 0], zero);
    }
}

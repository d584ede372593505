using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

/// <summary>A model whose embeddings are known: on the unit circle at given angles.</summary>
internal sealed class FixedModel(double[] degrees, double[]? centres = null) : IModelView
{
    public List<int> Asked { get; } = [];

    public float[][] Embed(IReadOnlyList<int> images, CancellationToken cancellationToken)
    {
        Asked.AddRange(images);
        return [.. images.Select(image => At(degrees[image]))];
    }

    public float[][]? ClassCentres() => centres is null ? null : [.. centres.Select(At)];

    private static float[] At(double angle) => [(float)Math.Cos(angle * Math.PI / 180), (float)Math.Sin(angle * Math.PI / 180)];
}

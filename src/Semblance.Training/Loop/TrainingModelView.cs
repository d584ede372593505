using Semblance.Data;
using Semblance.Data.Sampling;
using Semblance.Models;
using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>The network in training as a sampler sees it: its weights as they are now (not their average), in evaluation mode and float32.</summary>
internal sealed class TrainingModelView(StageContext context, Objective objective) : IModelView
{
    /// <inheritdoc/>
    public float[][] Embed(IReadOnlyList<int> images, CancellationToken cancellationToken)
    {
        var card = new ModelCard
        {
            Preprocessing = context.Config.Preprocessing(),
            EmbeddingSize = context.Config.EmbeddingSize,
            Backbone = context.Backbone.RegisteredName,
            Loss = objective.GetName(),
            ModelFingerprint = "",
        };

        // The loop puts the backbone back into training mode before the next step.
        using var embedder = new TorchFaceEmbedder(context.Backbone, card, ownsBackbone: false);
        return EmbeddingExtractor.Embed(context.Faces, images, embedder, cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Those of the first classifier within the objective that has one centre for each class.</remarks>
    public float[][]? ClassCentres()
    {
        if (objective.modules().OfType<DenseCentres>().FirstOrDefault() is not { } centres || centres.ClassCount != context.Faces.Identities.Count)
        {
            return null;
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        float[] unit = UnitRows.Of(centres.Weight.to(ScalarType.Float32)).contiguous().data<float>().ToArray();
        return [.. unit.Chunk(centres.EmbeddingSize)];
    }
}

using Semblance.Models;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Native;
using Semblance.Training.Weights;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>The weights that a run starts from: random ones from its seed, or those of its init.</summary>
public static class StartingModel
{
    /// <summary>Creates the backbone as a run of this config does before its first step.</summary>
    /// <param name="config">The config.</param>
    /// <returns>The backbone; the caller disposes of it.</returns>
    /// <exception cref="SemblanceException">The init cannot be read or does not fit.</exception>
    public static Backbone Create(TrainingConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        manual_seed((long)config.Seed);
        Backbone backbone = BackboneRegistry.Create(config.Backbone, config.EmbeddingSize, config.InputSize, config.Dropout);
        if (config.Init.Length > 0)
        {
            string path = Directory.Exists(config.Init) ? RunFolder.Open(config.Init).ModelPath : config.Init;
            BackboneWeights.Load(backbone, path);
        }

        ChannelsLast.Apply(backbone);
        return backbone;
    }

    /// <summary>Opens these weights as a model, to see what training adds to them.</summary>
    /// <param name="config">The config.</param>
    /// <returns>The embedder; the caller disposes of it.</returns>
    /// <exception cref="SemblanceException">The init cannot be read or does not fit.</exception>
    public static TorchFaceEmbedder Open(TrainingConfig config)
    {
        Backbone backbone = Create(config);
        var card = new ModelCard
        {
            Preprocessing = config.Preprocessing(),
            EmbeddingSize = config.EmbeddingSize,
            Backbone = config.Backbone,
            Loss = "none",
            ModelFingerprint = BackboneWeights.Fingerprint(backbone),
        };
        return new TorchFaceEmbedder(backbone, card);
    }
}

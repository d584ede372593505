using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Verification;
using Semblance.Models;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Cli.Commands;

/// <summary>Judges weights in the course of training by verification on a pairs file: where training and evaluation meet.</summary>
internal sealed class PairsValidator : IModelValidator, IDisposable
{
    private readonly FaceDataset _dataset;
    private readonly LfwPairs _pairs;

    private PairsValidator(FaceDataset dataset, LfwPairs pairs) => (_dataset, _pairs) = (dataset, pairs);

    /// <summary>Opens what a config asks for; null where it asks for no validation.</summary>
    /// <param name="config">The run's config.</param>
    /// <exception cref="SemblanceException">The pairs or their images cannot be read.</exception>
    public static PairsValidator? For(TrainingConfig config)
    {
        if (config.ValidationPairs.Length == 0)
        {
            return null;
        }

        LfwPairs pairs = LfwPairs.Read(config.ValidationPairs);
        FaceDataset dataset = FaceDataset.Open(config.ValidationData.Length > 0 ? config.ValidationData : config.Data);
        try
        {
            // Better told now than after the first epoch.
            VerificationEvaluator.RequireImages(dataset, pairs);
            return new PairsValidator(dataset, pairs);
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ModelValidation Validate(IFaceEmbedder embedder, CancellationToken cancellationToken)
    {
        VerificationReport figures = VerificationEvaluator.Evaluate(_dataset, _pairs, embedder, null, null, cancellationToken);
        return new ModelValidation(
            figures.Accuracy,
            new Dictionary<string, double> { ["accuracy"] = figures.Accuracy, ["auc"] = figures.Auc, ["eer"] = figures.Eer });
    }

    /// <inheritdoc/>
    public void Dispose() => _dataset.Dispose();
}

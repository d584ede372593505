using Semblance.Cli.Commands;
using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Verification;
using Semblance.Models;
using Semblance.Recognition.Models;
using Semblance.Training.Configuration;
using Semblance.Training.Export;
using Semblance.Training.Loop;

namespace Semblance.Cli.Demo;

/// <summary>Verification of unseen people by all models on the same pairs, and the export between the trained run and its file.</summary>
/// <param name="Trained">The exported file's figures.</param>
/// <param name="Untrained">Those of the weights that training started from.</param>
/// <param name="Pixels">Those of the raw pixels.</param>
/// <param name="Export">What the export found.</param>
internal sealed record DemoMeasurement(VerificationReport Trained, VerificationReport Untrained, VerificationReport Pixels, ExportResult Export)
{
    /// <summary>Exports the run with thresholds and measures all models.</summary>
    /// <param name="config">The run's config.</param>
    /// <param name="folder">The demo's folder.</param>
    /// <param name="unseen">The unseen people's images.</param>
    /// <param name="pairs">Their pairs.</param>
    /// <param name="progress">Told of images.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static DemoMeasurement Measure(
        TrainingConfig config, DemoFolder folder, FaceDataset unseen, LfwPairs pairs, IProgress<WorkProgress> progress, CancellationToken cancellationToken)
    {
        VerificationReport run = Verify(RunFolder.Open(folder.Run).OpenEmbedder());
        ExportResult export = RunExporter.Export(
            folder.Run, folder.Model, path => OnnxFaceEmbedder.Open(path), DecisionThresholds.Of(run), progress, cancellationToken);
        return new DemoMeasurement(
            Verify(OnnxFaceEmbedder.Open(folder.Model)),
            Verify(StartingModel.Open(config)),
            Verify(new PixelBaseline(config.InputSize, config.InputSize)),
            export);

        VerificationReport Verify(IFaceEmbedder model)
        {
            using (model)
            {
                return VerificationEvaluator.Evaluate(unseen, pairs, model, null, progress, cancellationToken);
            }
        }
    }
}

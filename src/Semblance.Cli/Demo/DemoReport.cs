using System.Globalization;
using Semblance.Cli.Reporting;
using Semblance.Data;
using Semblance.Evaluation.Reports;
using Semblance.Training.Loop;

namespace Semblance.Cli.Demo;

/// <summary>The demo's HTML report: the models compared, curves, hardest pairs, the training curve, what was done.</summary>
internal static class DemoReport
{
    /// <summary>Writes it.</summary>
    /// <param name="plan">What was asked for.</param>
    /// <param name="folder">The demo's folder.</param>
    /// <param name="unseen">The unseen people's images.</param>
    /// <param name="training">What training reported.</param>
    /// <param name="measured">The verification figures.</param>
    /// <param name="identified">The identification figures.</param>
    public static void Write(
        DemoPlan plan, DemoFolder folder, FaceDataset unseen, TrainingSummary training, DemoMeasurement measured, DemoIdentification identified)
    {
        var page = new VerificationPage(
            "Semblance demo",
            new ReportedModel("trained (its ONNX file)", measured.Trained),
            new ReportedModel("untrained", measured.Untrained),
            new ReportedModel("raw pixels", measured.Pixels))
        {
            Subtitle = $"Synthetic faces: trained on {training.Identities} people, measured on {plan.UnseenIdentities} others",
            Thumbnails = new FaceThumbnails(unseen),
            Facts =
            [
                ("training set", $"{Figures.Count(training.Images)} images of {Figures.Count(training.Identities)} people, seed {plan.Seed}"),
                ("network", $"smallresnet, {Figures.Count(training.Parameters)} parameters, {plan.Size}×{plan.Size} pixels to {plan.EmbeddingSize} numbers"),
                ("training", $"ArcFace, {training.Epochs} epochs, {Figures.Count(training.Steps)} steps, {Figures.Duration(TimeSpan.FromSeconds(training.TrainingSeconds))}, {Figures.Rate(training.ImagesPerSecond)} images/s"),
                ("export", $"{Figures.Bytes(measured.Export.Bytes)}; largest difference to the run {measured.Export.MaxAbsDiff.ToString("0.0e+0", CultureInfo.InvariantCulture)}"),
                ("identification", $"{Figures.Percent(identified.Rank1)} of {Figures.Count(identified.Probes)} probes at rank 1 among {Figures.Count(identified.Subjects)} people with {Figures.Count(identified.Templates)} templates"),
                ("thresholds in the file", "measured on these pairs; a model for real use needs thresholds from people like those it will meet"),
            ],
        };
        page.ToReport()
            .Add(new ReportHeading("Training"), new FigureRow(TrainingCurve.Loss(RunFolder.Open(folder.Run).MetricsPath)))
            .Write(folder.Report);
    }
}

using System.Diagnostics;
using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Recognition.Models;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Cli.Demo;

/// <summary>The whole road on synthetic faces: draw, train, measure, export, enrol, identify, report.</summary>
internal static class DemoRun
{
    /// <summary>Walks it.</summary>
    /// <param name="plan">How much to do.</param>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="progress">Told of all work.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static DemoResult Run(DemoPlan plan, DemoFolder folder, IProgress<WorkProgress> progress, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        DemoFaces.Draw(plan, folder, progress, cancellationToken);
        TrainingConfig config = DemoTraining.Config(plan, folder);
        TrainingSummary training = DemoTraining.Train(config, folder, progress, cancellationToken);

        using FaceDataset unseen = FaceDataset.Open(folder.UnseenFaces);
        LfwPairs pairs = DemoFaces.DrawPairs(plan, folder, unseen);
        DemoMeasurement measured = DemoMeasurement.Measure(config, folder, unseen, pairs, progress, cancellationToken);
        using OnnxFaceEmbedder model = OnnxFaceEmbedder.Open(folder.Model);
        DemoIdentification identified = DemoIdentification.Measure(folder, unseen, model, progress, cancellationToken);
        DemoReport.Write(plan, folder, unseen, training, measured, identified);
        return new DemoResult
        {
            Folder = folder.Path,
            Report = folder.Report,
            Run = folder.Run,
            Model = folder.Model,
            Gallery = folder.Gallery,
            Seed = plan.Seed,
            TrainingIdentities = training.Identities,
            TrainingImages = training.Images,
            UnseenIdentities = unseen.Identities.Count,
            Epochs = training.Epochs,
            ImagesPerSecond = training.ImagesPerSecond,
            TrainingSeconds = training.TrainingSeconds,
            Verification = measured.Trained,
            Enrolled = identified.Subjects,
            Probes = identified.Probes,
            Auc = measured.Trained.Auc,
            Eer = measured.Trained.Eer,
            Accuracy = measured.Trained.Accuracy,
            UntrainedAccuracy = measured.Untrained.Accuracy,
            PixelAccuracy = measured.Pixels.Accuracy,
            ExportMaxAbsDiff = measured.Export.MaxAbsDiff,
            Rank1 = identified.Rank1,
            Seconds = watch.Elapsed.TotalSeconds,
        };
    }
}

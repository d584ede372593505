using Semblance.Data;
using Semblance.Data.Synthesis;
using Semblance.Evaluation.Protocols;

namespace Semblance.Cli.Demo;

/// <summary>Draws the faces: people to train on, and others, who share no number with them, to measure on.</summary>
internal static class DemoFaces
{
    /// <summary>Draws both sets.</summary>
    /// <param name="plan">How many.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="progress">Told of images drawn.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void Draw(DemoPlan plan, DemoFolder folder, IProgress<WorkProgress> progress, CancellationToken cancellationToken)
    {
        var training = new SyntheticFaceOptions
        {
            Identities = plan.TrainingIdentities,
            ImagesPerIdentity = plan.TrainingImages,
            Size = plan.Size,
            Seed = plan.Seed,
        };
        SyntheticFaceOptions unseen = training with
        {
            Identities = plan.UnseenIdentities,
            ImagesPerIdentity = plan.UnseenImages,
            FirstIdentity = plan.TrainingIdentities,
        };
        new SyntheticFaces(training).WriteFolder(folder.TrainingFaces, progress, cancellationToken);
        new SyntheticFaces(unseen).WriteFolder(folder.UnseenFaces, progress, cancellationToken);
    }

    /// <summary>Draws the pairs of unseen people and writes them down.</summary>
    /// <param name="plan">How many.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="unseen">The unseen people's images.</param>
    public static LfwPairs DrawPairs(DemoPlan plan, DemoFolder folder, FaceDataset unseen)
    {
        LfwPairs pairs = PairProtocol.Draw(unseen, plan.PairsPerFold, plan.Folds, plan.Seed);
        pairs.Write(folder.Pairs);
        return pairs;
    }
}

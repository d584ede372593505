using System.Diagnostics;
using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Models;
using Semblance.Numerics;

namespace Semblance.Evaluation.Verification;

/// <summary>
/// Runs a verification protocol on a model: finds the pairs' images in a dataset, embeds each distinct one once, and compares by cosine
/// similarity. Anything that embeds can be evaluated: a training run, an ONNX file, <see cref="PixelBaseline"/>. Where the dataset holds
/// photographs, one without a usable face is a failure to acquire (ISO/IEC 19795-1) and its comparisons never match: score −1.
/// </summary>
public static class VerificationEvaluator
{
    /// <summary>Evaluates. All pairs are resolved before the first image is decoded, so a wrong pairs file fails at once.</summary>
    /// <param name="dataset">Where the images are.</param>
    /// <param name="pairs">What to compare.</param>
    /// <param name="embedder">The model; used from one thread at a time.</param>
    /// <param name="options">Flip, batch, folds; the defaults where null.</param>
    /// <param name="progress">Receives the number of images embedded.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="SemblanceException">
    /// A pair names an image that is missing or cannot be decoded (the pairs file's line and the image are named), embeddings are NaN, or
    /// the chosen folds hold pairs of one kind only.
    /// </exception>
    /// <exception cref="UsageException">A fold or the batch size is out of range.</exception>
    public static VerificationReport Evaluate(
        FaceDataset dataset,
        LfwPairs pairs,
        IFaceEmbedder embedder,
        VerificationOptions? options = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(embedder);
        options ??= new VerificationOptions();
        if (options.Batch is < 1 or > 4096)
        {
            throw new UsageException($"batch is {options.Batch}; expected 1 to 4096.");
        }

        IReadOnlyList<LfwPair> chosen = options.Folds is null ? pairs.Pairs : pairs.OfFolds(options.Folds);
        var resolver = new PairResolver(dataset, pairs.Source);
        (int First, int Second)[] resolved = [.. chosen.Select(resolver.Resolve)];
        int[] images = [.. resolved.SelectMany(r => new[] { r.First, r.Second }).Distinct().Order()];
        long start = Stopwatch.GetTimestamp();
        EmbeddedFaces faces = EmbeddingExtractor.EmbedReadable(
            dataset, images, embedder, options.Flip, options.Batch, progress, cancellationToken);
        RequireReadable(faces, dataset, pairs, chosen, resolved);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // A cosine would turn a NaN embedding into an innocent 0.
        int broken = faces.Rows.Count(e => e is not null && !Array.TrueForAll(e, float.IsFinite));
        if (broken > 0)
        {
            throw new SemblanceException(
                $"{broken} of {faces.Rows.Count} embeddings hold NaN or infinite values; the model's weights are damaged or its training diverged.");
        }

        var scored = new ScoredPair[chosen.Count];
        for (int i = 0; i < scored.Length; i++)
        {
            float[]? first = faces.Rows[Array.BinarySearch(images, resolved[i].First)];
            float[]? second = faces.Rows[Array.BinarySearch(images, resolved[i].Second)];
            double score = first is null || second is null ? -1 : Similarity.Cosine(first, second);
            scored[i] = new ScoredPair(
                dataset.Images[resolved[i].First].Path, dataset.Images[resolved[i].Second].Path, chosen[i].Same, chosen[i].Fold, score);
        }

        return VerificationReport.FromScores(scored, options.FarTargets) with
        {
            Images = images.Length,
            Flip = options.Flip,
            Seconds = seconds,
            ImagesPerSecond = images.Length / seconds,
            FailuresToAcquire = faces.Unreadable,
        };
    }

    /// <summary>Checks that a dataset has every image that the pairs name, decoding none: for work that reaches its evaluation only later.</summary>
    /// <param name="dataset">Where the images are.</param>
    /// <param name="pairs">What will be compared.</param>
    /// <exception cref="SemblanceException">A pair names a missing image; the pairs file's line and the image are named.</exception>
    public static void RequireImages(FaceDataset dataset, LfwPairs pairs)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(pairs);
        var resolver = new PairResolver(dataset, pairs.Source);
        foreach (LfwPair pair in pairs.Pairs)
        {
            resolver.Resolve(pair);
        }
    }

    private static void RequireReadable(
        EmbeddedFaces faces, FaceDataset dataset, LfwPairs pairs, IReadOnlyList<LfwPair> chosen, (int First, int Second)[] resolved)
    {
        if (faces.Unreadable.FirstOrDefault(u => !u.HasNoFace) is not { } unreadable)
        {
            return;
        }

        int pair = Array.FindIndex(resolved, r => dataset.Images[r.First].Path == unreadable.Path || dataset.Images[r.Second].Path == unreadable.Path);
        string where = pair >= 0 && chosen[pair].Line > 0 ? $"{pairs.Source}: line {chosen[pair].Line}" : pairs.Source;
        throw new SemblanceException($"{where}: its image cannot be read: {unreadable.Path}: {unreadable.Reason}.");
    }
}

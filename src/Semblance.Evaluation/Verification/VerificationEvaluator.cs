using System.Diagnostics;
using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Models;
using Semblance.Numerics;

namespace Semblance.Evaluation.Verification;

/// <summary>
/// Runs a verification protocol on a model: finds the pairs' images in a dataset, embeds each distinct one once, and compares by cosine
/// similarity. Anything that embeds can be evaluated: a training run, an ONNX file, <see cref="PixelBaseline"/>.
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
        float[][] embeddings = Embed(dataset, pairs, chosen, resolved, images, embedder, options, progress, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // A cosine would turn a NaN embedding into an innocent 0.
        int broken = embeddings.Count(e => !Array.TrueForAll(e, float.IsFinite));
        if (broken > 0)
        {
            throw new SemblanceException(
                $"{broken} of {embeddings.Length} embeddings hold NaN or infinite values; the model's weights are damaged or its training diverged.");
        }

        var scored = new ScoredPair[chosen.Count];
        for (int i = 0; i < scored.Length; i++)
        {
            int first = Array.BinarySearch(images, resolved[i].First);
            int second = Array.BinarySearch(images, resolved[i].Second);
            double score = Similarity.Cosine(embeddings[first], embeddings[second]);
            scored[i] = new ScoredPair(
                dataset.Images[resolved[i].First].Path, dataset.Images[resolved[i].Second].Path, chosen[i].Same, chosen[i].Fold, score);
        }

        return VerificationReport.FromScores(scored, options.FarTargets) with
        {
            Images = images.Length,
            Flip = options.Flip,
            Seconds = seconds,
            ImagesPerSecond = images.Length / seconds,
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

    private static float[][] Embed(
        FaceDataset dataset,
        LfwPairs pairs,
        IReadOnlyList<LfwPair> chosen,
        (int First, int Second)[] resolved,
        int[] images,
        IFaceEmbedder embedder,
        VerificationOptions options,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            return EmbeddingExtractor.Embed(dataset, images, embedder, options.Flip, options.Batch, progress, cancellationToken);
        }
        catch (UnreadableImageException e)
        {
            int pair = Array.FindIndex(resolved, r => dataset.Images[r.First].Path == e.Path || dataset.Images[r.Second].Path == e.Path);
            string where = pair >= 0 && chosen[pair].Line > 0 ? $"{pairs.Source}: line {chosen[pair].Line}" : pairs.Source;
            throw new SemblanceException($"{where}: its image cannot be read: {e.Message}", e);
        }
    }
}

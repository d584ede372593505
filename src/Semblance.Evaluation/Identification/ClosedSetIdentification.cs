using Semblance.Numerics;

namespace Semblance.Evaluation.Identification;

/// <summary>
/// Ranks every enrolled subject for every probe by cosine similarity; a subject's score is that of its most similar template.
/// ISO/IEC 19795-1, "identification rate at rank r"; the curve over r is the CMC (Phillips, Moon, Rizvi and Rauss 2000).
/// </summary>
public static class ClosedSetIdentification
{
    /// <summary>
    /// Evaluates by exhaustive comparison, in parallel. Ties count against the probe: its rank is 1 + the number of other subjects that
    /// score at least as high, so that constant embeddings earn nothing.
    /// </summary>
    /// <param name="gallery">Enrolled embeddings, all of one length; they need not be normalised.</param>
    /// <param name="gallerySubjects">The subject of each enrolled embedding.</param>
    /// <param name="probes">Embeddings to search, of the same length.</param>
    /// <param name="probeSubjects">The true subject of each probe.</param>
    /// <param name="maximumRank">The last rank of the curve, at least 1; capped at the number of subjects.</param>
    /// <param name="cancellationToken">Stops between probes.</param>
    /// <exception cref="ArgumentException">Counts or lengths disagree.</exception>
    /// <exception cref="SemblanceException">
    /// Gallery or probes are empty, or probes have subjects that are not enrolled (their number is given): the set is then not closed.
    /// </exception>
    public static IdentificationReport Evaluate(
        IReadOnlyList<float[]> gallery,
        IReadOnlyList<int> gallerySubjects,
        IReadOnlyList<float[]> probes,
        IReadOnlyList<int> probeSubjects,
        int maximumRank = 20,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(gallerySubjects);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(probeSubjects);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumRank, 1);
        if (gallery.Count != gallerySubjects.Count || probes.Count != probeSubjects.Count)
        {
            throw new ArgumentException(
                $"{gallery.Count} gallery embeddings for {gallerySubjects.Count} subjects, {probes.Count} probes for {probeSubjects.Count}.", nameof(gallerySubjects));
        }

        if (gallery.Count == 0 || probes.Count == 0)
        {
            throw new SemblanceException($"identification needs a gallery and probes; there are {gallery.Count} templates and {probes.Count} probes.");
        }

        int[] subjects = [.. gallerySubjects.Distinct().Order()];
        int[] owner = [.. gallerySubjects.Select(s => Array.BinarySearch(subjects, s))];
        int unknown = probeSubjects.Count(s => Array.BinarySearch(subjects, s) < 0);
        if (unknown > 0)
        {
            throw new SemblanceException($"{unknown} of {probes.Count} probes show people who are not in the gallery; closed-set identification needs every probe's subject enrolled.");
        }

        float[][] templates = Normalised(gallery, nameof(gallery));
        float[][] searches = Normalised(probes, nameof(probes));
        if (templates[0].Length != searches[0].Length)
        {
            throw new ArgumentException($"gallery embeddings have {templates[0].Length} values, probes {searches[0].Length}.", nameof(probes));
        }

        int[] ranks = new int[probes.Count];
        Parallel.For(0, probes.Count, new ParallelOptions { CancellationToken = cancellationToken }, p =>
        {
            float[] best = new float[subjects.Length];
            Array.Fill(best, float.NegativeInfinity);
            for (int t = 0; t < templates.Length; t++)
            {
                best[owner[t]] = Math.Max(best[owner[t]], System.Numerics.Tensors.TensorPrimitives.Dot<float>(searches[p], templates[t]));
            }

            float mate = best[Array.BinarySearch(subjects, probeSubjects[p])];
            ranks[p] = best.Count(score => score >= mate);
        });

        double[] cmc = new double[Math.Min(maximumRank, subjects.Length)];
        for (int rank = 1; rank <= cmc.Length; rank++)
        {
            cmc[rank - 1] = (double)ranks.Count(r => r <= rank) / ranks.Length;
        }

        return new IdentificationReport(cmc, probes.Count, subjects.Length, gallery.Count);
    }

    private static float[][] Normalised(IReadOnlyList<float[]> embeddings, string name)
    {
        var result = new float[embeddings.Count][];
        int bad = 0;
        for (int i = 0; i < result.Length; i++)
        {
            if (embeddings[i].Length != embeddings[0].Length)
            {
                throw new ArgumentException($"embedding {i} has {embeddings[i].Length} values, the first {embeddings[0].Length}.", name);
            }

            result[i] = [.. embeddings[i]];
            Similarity.NormalizeInPlace(result[i]);
            bad += Array.TrueForAll(result[i], float.IsFinite) ? 0 : 1;
        }

        return bad == 0 ? result : throw new SemblanceException($"{bad} of {result.Length} {name} embeddings hold NaN or infinite values.");
    }
}

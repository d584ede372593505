using System.Numerics.Tensors;
using Semblance.Data.Synthesis;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Numerics;
using Semblance.Training.Backbones;
using Semblance.Training.Loop;

namespace Semblance.Training.Export;

/// <summary>Exports a run's weights to an ONNX file, and leaves the file only where it computes what the trained module computes.</summary>
public static class RunExporter
{
    /// <summary>The largest absolute difference allowed between L2-normalised embeddings of the module and of the file.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Images over which both are compared.</summary>
    public const int ImagesCompared = 64;

    /// <summary>Writes the file to a temporary name, compares it, and moves it into place.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="outPath">The ONNX file to make; replaced where it exists.</param>
    /// <param name="openModel">Opens an ONNX file in the runtime that will serve it.</param>
    /// <param name="thresholds">Cosine thresholds to carry along, or null.</param>
    /// <param name="progress">Told of the images compared.</param>
    /// <param name="cancellationToken">Stops the work; no file is left.</param>
    /// <exception cref="SemblanceException">The run has no weights, the file cannot be written, or the embeddings disagree.</exception>
    public static ExportResult Export(
        string run,
        string outPath,
        Func<string, IFaceEmbedder> openModel,
        IReadOnlyDictionary<string, double>? thresholds = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(openModel);
        using Backbone backbone = RunFolder.Open(run).OpenBackbone(out ModelCard card);
        card = card with { Thresholds = thresholds ?? card.Thresholds };
        string temporary = $"{outPath}.{Guid.NewGuid():N}.check.onnx";
        try
        {
            OnnxExporter.Write(backbone, card, temporary);
            double difference;
            using (IFaceEmbedder exported = openModel(temporary))
            using (var trained = new TorchFaceEmbedder(backbone, card, ownsBackbone: false))
            {
                difference = MaxDifference(trained, exported, progress, cancellationToken);
            }

            if (!(difference <= Tolerance))
            {
                throw new SemblanceException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"{outPath}: not written: its embeddings differ from the trained module's by {difference:g3} over {ImagesCompared} images; at most {Tolerance:g1} is allowed. The weights of {run} may be degenerate: train longer or at a lower rate."));
            }

            File.Move(temporary, outPath, overwrite: true);
            return new ExportResult(outPath, difference, new FileInfo(outPath).Length, card);
        }
        catch (SemblanceException e) when (e.Message.Contains(temporary, StringComparison.Ordinal))
        {
            throw new SemblanceException(e.Message.Replace(temporary, outPath, StringComparison.Ordinal), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{outPath}: cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static double MaxDifference(IFaceEmbedder trained, IFaceEmbedder exported, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        const int Batch = 16;
        PreprocessingContract contract = trained.Card.Preprocessing;
        var faces = new SyntheticFaces(new SyntheticFaceOptions { Identities = ImagesCompared, ImagesPerIdentity = 1, Size = contract.Width, Seed = 64 });
        int dimension = trained.Card.EmbeddingSize;
        float[] pixels = new float[Batch * contract.InputLength];
        float[] expected = new float[Batch * dimension];
        float[] actual = new float[Batch * dimension];
        double worst = 0;
        for (int first = 0; first < ImagesCompared; first += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < Batch; i++)
            {
                FacePreprocessor.Write(faces.Render(first + i, 0), contract, pixels.AsSpan(i * contract.InputLength, contract.InputLength));
            }

            trained.Embed(pixels, Batch, expected);
            exported.Embed(pixels, Batch, actual);
            for (int i = 0; i < Batch; i++)
            {
                Span<float> a = expected.AsSpan(i * dimension, dimension);
                Span<float> b = actual.AsSpan(i * dimension, dimension);
                Similarity.NormalizeInPlace(a);
                Similarity.NormalizeInPlace(b);
                TensorPrimitives.Subtract(a, b, a);
                float difference = Math.Abs(TensorPrimitives.MaxMagnitude<float>(a));
                // Math.Max hands a NaN on, and a NaN passes no tolerance.
                worst = Math.Max(worst, difference);
            }

            progress?.Report(new WorkProgress("comparing embeddings", first + Batch, ImagesCompared, "images"));
        }

        return worst;
    }
}

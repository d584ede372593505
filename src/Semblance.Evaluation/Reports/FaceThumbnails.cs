using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Evaluation.Reports;

/// <summary>
/// Pictures of a dataset's images, small enough to embed: a small file that browsers show is taken as it is, anything else is decoded, shrunk
/// and coded as PNG.
/// </summary>
public sealed class FaceThumbnails
{
    private const int MaximumSide = 112;
    private const int MaximumBytes = 24 * 1024;
    private readonly FaceDataset _dataset;

    /// <summary>Wraps a dataset, which must stay open while pictures are read.</summary>
    /// <param name="dataset">The dataset.</param>
    public FaceThumbnails(FaceDataset dataset) => _dataset = dataset;

    /// <summary>The picture of an image.</summary>
    /// <param name="path">Its path in the dataset.</param>
    /// <exception cref="SemblanceException">It is not there or cannot be read.</exception>
    public ReportImage Read(string path)
    {
        int index = _dataset.Find(path);
        if (index < 0)
        {
            throw new SemblanceException($"{_dataset.Source}: holds no image '{path}' to show.");
        }

        byte[] bytes = _dataset.ReadBytes(index);
        if (bytes.Length <= MaximumBytes && MediaTypeOf(bytes) is { } known)
        {
            return new ReportImage(path, known, bytes);
        }

        PixelBuffer image = ImageDecoder.Decode(bytes, path);
        double shrink = Math.Min(1, (double)MaximumSide / Math.Max(image.Width, image.Height));
        PixelBuffer small = ImageResizer.Resize(image, Scaled(image.Width), Scaled(image.Height));
        return new ReportImage(path, "image/png", PngImage.Encode(small));

        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * shrink));
    }

    private static string? MediaTypeOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47]) ? "image/png"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;
}

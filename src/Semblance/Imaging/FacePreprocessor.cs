namespace Semblance.Imaging;

/// <summary>Turns decoded face crops into model input by a <see cref="PreprocessingContract"/>. Used by training, evaluation and recognition alike, so that all three see the same numbers.</summary>
public static class FacePreprocessor
{
    /// <summary>Resizes (area average when shrinking, bilinear when enlarging) and normalises one image.</summary>
    /// <param name="image">The aligned crop, of any size, RGB or grey.</param>
    /// <param name="contract">The model's contract.</param>
    /// <param name="destination">3 × height × width floats, planar, overwritten.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Write(PixelBuffer image, PreprocessingContract contract, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(contract);
        if (destination.Length != contract.InputLength)
        {
            throw new ArgumentException($"{destination.Length} floats given, {contract.InputLength} expected.", nameof(destination));
        }

        PixelBuffer sized = ImageResizer.Resize(image, contract.Width, contract.Height);
        int plane = contract.Width * contract.Height;
        float factor = 1f / contract.Std;
        float offset = -contract.Mean / contract.Std;
        byte[] source = sized.Data;
        int channels = sized.Channels;
        for (int c = 0; c < 3; c++)
        {
            int from = channels == 1 ? 0 : contract.ColorOrder == ColorOrder.Rgb ? c : 2 - c;
            Span<float> target = destination.Slice(c * plane, plane);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = (source[(i * channels) + from] * factor) + offset;
            }
        }
    }
}

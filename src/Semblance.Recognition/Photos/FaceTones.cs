using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>What the grey values of a face's window say: how sharp, bright, rich in contrast and clipped it is.</summary>
internal readonly record struct FaceTones(double Sharpness, double Brightness, double Contrast, double Clipped)
{
    /// <summary>Sharpness is measured at this height of the crop, whatever the template's: a finer crop of the same face is no sharper face.</summary>
    public const int Height = 112;

    // JPEG moves black and white by a few levels.
    private const int Black = 4, White = 251;

    public static FaceTones Of(PixelBuffer crop, FaceWindow window)
    {
        if (crop.Height >= 1.5 * Height)
        {
            double factor = (double)Height / crop.Height;
            crop = ImageResizer.Resize(crop, Math.Max(3, (int)Math.Round(crop.Width * factor)), Height);
            window = new FaceWindow((int)(window.Left * factor), (int)(window.Top * factor), (int)(window.Right * factor), (int)(window.Bottom * factor));
        }

        int left = Math.Max(1, window.Left), right = Math.Min(crop.Width - 1, window.Right);
        int top = Math.Max(1, window.Top), bottom = Math.Min(crop.Height - 1, window.Bottom);
        long count = (long)Math.Max(0, right - left) * Math.Max(0, bottom - top);
        if (count == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> grey = crop.Channels == 1 ? crop.Data : Grey(crop);
        long sum = 0, squares = 0, edges = 0, edgeSquares = 0, clipped = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int i = (y * crop.Width) + left; i < (y * crop.Width) + right; i++)
            {
                int value = grey[i];
                int laplacian = grey[i - 1] + grey[i + 1] + grey[i - crop.Width] + grey[i + crop.Width] - (4 * value);
                sum += value;
                squares += value * value;
                edges += laplacian;
                edgeSquares += laplacian * laplacian;
                clipped += value is <= Black or >= White ? 1 : 0;
            }
        }

        double mean = (double)sum / count, variance = ((double)squares / count) - (mean * mean), edge = (double)edges / count;
        return new FaceTones(
            variance > 1e-6 ? (((double)edgeSquares / count) - (edge * edge)) / variance : 0,
            mean,
            Math.Sqrt(Math.Max(0, variance)),
            (double)clipped / count);
    }

    private static byte[] Grey(PixelBuffer crop)
    {
        // ITU-R BT.601, as in JPEG.
        byte[] grey = new byte[crop.Width * crop.Height];
        byte[] data = crop.Data;
        for (int i = 0, from = 0; i < grey.Length; i++, from += 3)
        {
            grey[i] = (byte)(((77 * data[from]) + (150 * data[from + 1]) + (29 * data[from + 2]) + 128) >> 8);
        }

        return grey;
    }
}

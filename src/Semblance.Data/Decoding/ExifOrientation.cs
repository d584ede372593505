using Semblance.Imaging;
using SkiaSharp;

namespace Semblance.Data.Decoding;

/// <summary>Turns an image the way its camera said it was held.</summary>
internal static class ExifOrientation
{
    /// <summary>The upright image; the same object where nothing is to be done.</summary>
    public static PixelBuffer Apply(PixelBuffer image, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
        {
            return image;
        }

        int width = image.Width, height = image.Height, channels = image.Channels;
        bool swaps = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        (int newWidth, int newHeight) = swaps ? (height, width) : (width, height);
        byte[] turned = new byte[image.Data.Length];
        int to = 0;
        for (int y = 0; y < newHeight; y++)
        {
            for (int x = 0; x < newWidth; x++)
            {
                (int fromX, int fromY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                int from = ((fromY * width) + fromX) * channels;
                for (int c = 0; c < channels; c++)
                {
                    turned[to++] = image.Data[from + c];
                }
            }
        }

        return new PixelBuffer(newWidth, newHeight, channels, turned);
    }
}

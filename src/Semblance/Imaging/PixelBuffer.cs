namespace Semblance.Imaging;

/// <summary>A decoded image: 8 bits a channel, row-major, interleaved (height × width × channels), RGB or grey.</summary>
public sealed class PixelBuffer
{
    /// <summary>Wraps pixels; the array is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="channels">3 for RGB, 1 for grey.</param>
    /// <param name="data">width × height × channels bytes.</param>
    /// <exception cref="ArgumentException">A size is out of range or the array has another length.</exception>
    public PixelBuffer(int width, int height, int channels, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"channels is {channels}; expected 1 (grey) or 3 (RGB).", nameof(channels));
        }

        if (data.LongLength != (long)width * height * channels)
        {
            throw new ArgumentException($"{data.LongLength} bytes for {width}×{height}×{channels} pixels.", nameof(data));
        }

        (Width, Height, Channels, Data) = (width, height, channels, data);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>3 for RGB, 1 for grey.</summary>
    public int Channels { get; }

    /// <summary>The bytes, row-major, interleaved.</summary>
    public byte[] Data { get; }
}

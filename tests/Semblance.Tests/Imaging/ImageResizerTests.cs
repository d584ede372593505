using CsCheck;
using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public sealed class ImageResizerTests
{
    [Fact]
    public void TheRightSizeIsTheSameObject()
    {
        var image = new PixelBuffer(3, 2, 1, new byte[6]);
        Assert.Same(image, ImageResizer.Resize(image, 3, 2));
    }

    [Fact]
    public void AFlatImageStaysFlatAtEverySize() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Byte).Sample((w, h, toW, toH, value) =>
    {
        PixelBuffer resized = ImageResizer.Resize(new PixelBuffer(w, h, 3, [.. Enumerable.Repeat(value, w * h * 3)]), toW, toH);
        Assert.Equal((toW, toH, 3), (resized.Width, resized.Height, resized.Channels));
        Assert.All(resized.Data, pixel => Assert.Equal(value, pixel));
    });

    [Fact]
    public void EnlargingIsBilinear()
    {
        PixelBuffer wide = ImageResizer.Resize(new PixelBuffer(2, 1, 1, [0, 200]), 4, 1);
        Assert.Equal([0, 50, 150, 200], wide.Data);
    }

    [Fact]
    public void ShrinkingLosesNoPixel()
    {
        // One white pixel in 64 of a row: sampling at points would miss it nearly everywhere.
        // Near the edge, where part of the filter hangs over, its weights grow.
        for (int at = 0; at < 64; at++)
        {
            byte[] row = new byte[64];
            row[at] = 255;
            int sum = ImageResizer.Resize(new PixelBuffer(64, 1, 1, row), 8, 1).Data.Sum(v => v);
            (int low, int high) = at is >= 12 and < 52 ? (30, 34) : (20, 42);
            Assert.InRange(sum, low, high);
        }
    }

    [Fact]
    public void ChannelsDoNotMix()
    {
        byte[] red = [.. Enumerable.Range(0, 10 * 10 * 3).Select(i => (byte)(i % 3 == 0 ? 250 : 0))];
        PixelBuffer resized = ImageResizer.Resize(new PixelBuffer(10, 10, 3, red), 4, 7);
        Assert.All(resized.Data.Chunk(3), pixel => Assert.Equal([250, 0, 0], pixel));
    }

    [Fact]
    public void RowsAndColumnsAreTreatedAlike()
    {
        byte[] data = [.. Enumerable.Range(0, 12 * 9).Select(i => (byte)(i * 37 % 251))];
        PixelBuffer image = new(12, 9, 1, data);
        PixelBuffer transposed = new(9, 12, 1, [.. Enumerable.Range(0, data.Length).Select(i => data[(i % 9 * 12) + (i / 9)])]);
        PixelBuffer a = ImageResizer.Resize(image, 5, 4), b = ImageResizer.Resize(transposed, 4, 5);
        for (int i = 0; i < 20; i++)
        {
            // Rounded once at the end whichever axis comes first, so they differ by float error alone.
            Assert.InRange(a.Data[i] - b.Data[(i % 5 * 4) + (i / 5)], -1, 1);
        }
    }

    [Fact]
    public void SizesBelowOneAreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageResizer.Resize(new PixelBuffer(1, 1, 1, new byte[1]), 0, 1));
}

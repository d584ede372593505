using System.Buffers.Binary;
using Semblance.Data.Tests.Support;
using Semblance.Imaging;
using SkiaSharp;

namespace Semblance.Data.Tests;

public sealed class ImageDecoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void PngComesBackExactlyWithItsChannels(int channels)
    {
        PixelBuffer image = TestImages.Noise(13, 7, channels);
        PixelBuffer decoded = ImageDecoder.Decode(TestImages.Encode(image, SKEncodedImageFormat.Png), "a.png");
        Assert.Equal((13, 7, channels), (decoded.Width, decoded.Height, decoded.Channels));
        Assert.Equal(image.Data, decoded.Data);
    }

    [Fact]
    public void BmpComesBackExactly()
    {
        PixelBuffer image = TestImages.Noise(5, 4, 3);
        Assert.Equal(image.Data, ImageDecoder.Decode(TestImages.Bmp(image), "a.bmp").Data);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 1)]
    [InlineData(SKEncodedImageFormat.Jpeg, 3)]
    [InlineData(SKEncodedImageFormat.Webp, 3)]
    public void LossyFormatsComeBackNear(SKEncodedImageFormat format, int channels)
    {
        PixelBuffer image = TestImages.Smooth(40, 30, channels);
        PixelBuffer decoded = ImageDecoder.Decode(TestImages.Encode(image, format), "a");
        Assert.Equal((40, 30, channels), (decoded.Width, decoded.Height, decoded.Channels));
        Assert.True(image.Data.Zip(decoded.Data).Average(pair => Math.Abs(pair.First - pair.Second)) < 4);
    }

    [Fact]
    public void TransparencyIsComposedOnWhite()
    {
        byte[] rgba = [0, 0, 0, 0, 100, 50, 0, 255, 0, 0, 0, 128];
        var info = new SKImageInfo(3, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        byte[] decoded = ImageDecoder.Decode(TestImages.Encode(rgba, info, SKEncodedImageFormat.Png, 100), "a.png").Data;
        Assert.Equal([255, 255, 255, 100, 50, 0, 127, 127, 127], decoded);
    }

    [Fact]
    public void ProgressiveJpegDecodesWhole()
    {
        PixelBuffer decoded = ImageDecoder.Decode(TestImages.ProgressiveJpeg, "a.jpg");
        Assert.Equal((16, 16, 1), (decoded.Width, decoded.Height, decoded.Channels));
    }

    public static TheoryData<string> Formats => ["jpeg", "grey jpeg", "progressive", "png", "webp", "bmp"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryCutIsRefused(string format)
    {
        byte[] whole = format switch
        {
            "jpeg" => TestImages.Jpeg(),
            "grey jpeg" => TestImages.Jpeg(channels: 1),
            "progressive" => TestImages.ProgressiveJpeg,
            "png" => TestImages.Png(channels: 3),
            "webp" => TestImages.Encode(TestImages.Smooth(24, 20, 3), SKEncodedImageFormat.Webp, 80),
            _ => TestImages.Bmp(TestImages.Noise(5, 4, 3)),
        };
        Assert.NotNull(ImageDecoder.Decode(whole, "whole"));
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(cut, "cut"));
        }
    }

    [Fact]
    public void AJpegCutInHalfIsCalledCutShort()
    {
        byte[] whole = TestImages.Jpeg(200, 200);
        var e = Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(whole[..(whole.Length / 2)], "A/x.jpg"));
        Assert.Equal("A/x.jpg: the image is cut short.", e.Message);
    }

    [Fact]
    public void TextUnderAnImageNameIsCalledNoImage()
    {
        var e = Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode("Hello, this is text."u8.ToArray(), "A/x.jpg"));
        Assert.Equal("A/x.jpg", e.Path);
        Assert.StartsWith("not an image", e.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyFileIsCalledEmpty() =>
        Assert.Contains("empty", Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode([], "x.jpg")).Message, StringComparison.Ordinal);

    [Fact]
    public void MoreThanHundredMegapixelsAreRefusedFromTheHeader()
    {
        // The header of a PNG says its size; there is no pixel behind it.
        byte[] png = TestImages.Png();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 20_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 10_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Data.Sources.Crc32.Of(png.AsSpan(12, 17)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(png, "x.png"));
        Assert.Contains("20000×10000", e.Reason, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var e = Assert.Throws<UnreadableImageException>(() => ImageDecoder.DecodeFile("/nowhere/x.jpg"));
        Assert.Equal("/nowhere/x.jpg: there is no such file.", e.Message);
    }

    [Fact]
    public void RandomDamageNeverEscapesAsAnotherException()
    {
        byte[][] whole = [TestImages.Jpeg(), TestImages.ProgressiveJpeg, TestImages.Png(channels: 3), TestImages.Bmp(TestImages.Noise(5, 4, 3)), "P5 3 2 255\nabcdef"u8.ToArray()];
        var random = new Numerics.CountedRandom(7);
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] bytes = [.. whole[trial % whole.Length]];
            for (int i = 0; i < 3; i++)
            {
                bytes[random.NextInt(bytes.Length)] = (byte)random.NextInt(256);
            }

            try
            {
                ImageDecoder.Decode(bytes, "x");
            }
            catch (UnreadableImageException)
            {
                // What is expected of damage that shows.
            }
        }
    }

    [Theory]
    [InlineData("x.JPG", true)]
    [InlineData("a/b.webp", true)]
    [InlineData("a.pgm", true)]
    [InlineData("a.txt", false)]
    [InlineData(".DS_Store", false)]
    [InlineData("jpg", false)]
    public void ExtensionsAreKnown(string name, bool image) => Assert.Equal(image, ImageDecoder.HasImageExtension(name));
}

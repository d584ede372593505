using Semblance.Data.Decoding;
using Semblance.Data.Tests.Support;
using Semblance.Imaging;
using SkiaSharp;

namespace Semblance.Data.Tests.Decoding;

public sealed class ExifOrientationTests
{
    // a b c
    // d e f, stored as the camera had it; what it looks like upright, row by row.
    [Theory]
    [InlineData(1, 3, "abcdef")]
    [InlineData(2, 3, "cbafed")]
    [InlineData(3, 3, "fedcba")]
    [InlineData(4, 3, "defabc")]
    [InlineData(5, 2, "adbecf")]
    [InlineData(6, 2, "daebfc")]
    [InlineData(7, 2, "fcebda")]
    [InlineData(8, 2, "cfbead")]
    public void TurnsAsExifDefines(int origin, int width, string upright)
    {
        var stored = new PixelBuffer(3, 2, 1, "abcdef"u8.ToArray());
        PixelBuffer turned = ExifOrientation.Apply(stored, (SKEncodedOrigin)origin);
        Assert.Equal(width, turned.Width);
        Assert.Equal(upright, System.Text.Encoding.ASCII.GetString(turned.Data));
    }

    [Fact]
    public void OrientationInAJpegIsApplied()
    {
        byte[] jpeg = TestImages.Jpeg(24, 20);
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        PixelBuffer upright = ImageDecoder.Decode([.. jpeg[..2], .. exif, .. jpeg[2..]], "x.jpg");
        PixelBuffer stored = ImageDecoder.Decode(jpeg, "x.jpg");
        Assert.Equal((20, 24), (upright.Width, upright.Height));
        Assert.Equal(ExifOrientation.Apply(stored, SKEncodedOrigin.RightTop).Data, upright.Data);
    }
}

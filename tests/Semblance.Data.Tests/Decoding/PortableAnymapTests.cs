using System.Text;
using Semblance.Imaging;

namespace Semblance.Data.Tests.Decoding;

public sealed class PortableAnymapTests
{
    [Theory]
    [InlineData("P2\n# a comment\n3 2\n255\n0 1 2\n3 4 255\n", 1, new byte[] { 0, 1, 2, 3, 4, 255 })]
    [InlineData("P3 1 2 255 1 2 3 4 5 6", 3, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData("P2 2 1 15 0 15", 1, new byte[] { 0, 255 })]
    [InlineData("P5 3 1 255\nabc", 1, new byte[] { 97, 98, 99 })]
    [InlineData("P6#c\n1 1 255\nabc", 3, new byte[] { 97, 98, 99 })]
    [InlineData("P5 2 1 65535\n\0\0\u007F\u007F", 1, new byte[] { 0, 127 })]
    public void ReadsTextAndBytes(string file, int channels, byte[] expected)
    {
        PixelBuffer image = ImageDecoder.Decode(Encoding.Latin1.GetBytes(file), "x.pnm");
        Assert.Equal(channels, image.Channels);
        Assert.Equal(expected, image.Data);
    }

    [Theory]
    [InlineData("P5 3 1 255\nab", "cut short")]
    [InlineData("P2 3 1 255 1 2", "cut short")]
    [InlineData("P5 3", "cut short")]
    [InlineData("P5 0 1 255\n", "no sense")]
    [InlineData("P5 1 1 70000\na", "no sense")]
    [InlineData("P2 1 1 255 x", "no number")]
    [InlineData("P6 100000 100000 255\n", "megapixels")]
    public void DamageIsRefused(string file, string reason) => Assert.Contains(
        reason, Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(Encoding.Latin1.GetBytes(file), "x.pgm")).Reason, StringComparison.Ordinal);
}

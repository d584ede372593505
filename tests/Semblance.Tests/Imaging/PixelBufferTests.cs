using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public sealed class PixelBufferTests
{
    [Theory]
    [InlineData(2, 2, 2, 8)]
    [InlineData(0, 2, 1, 0)]
    [InlineData(2, -1, 1, 2)]
    [InlineData(2, 2, 3, 11)]
    [InlineData(65536, 65536, 1, 0)]
    public void ShapesThatDoNotFitTheBytesAreRefused(int width, int height, int channels, int length) =>
        Assert.ThrowsAny<ArgumentException>(() => new PixelBuffer(width, height, channels, new byte[length]));

    [Fact]
    public void BytesAreWrappedNotCopied()
    {
        byte[] data = new byte[6];
        Assert.Same(data, new PixelBuffer(2, 1, 3, data).Data);
    }
}

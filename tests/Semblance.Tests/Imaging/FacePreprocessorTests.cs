using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public sealed class FacePreprocessorTests
{
    private static readonly PreprocessingContract Contract = new() { Width = 2, Height = 1, Mean = 100, Std = 50 };

    [Fact]
    public void PixelsBecomeNormalisedPlanes()
    {
        float[] input = Write(new PixelBuffer(2, 1, 3, [100, 150, 200, 0, 50, 250]), Contract);
        Assert.Equal([0, -2, 1, -1, 2, 3], input);
    }

    [Fact]
    public void BgrPutsBlueFirst()
    {
        float[] input = Write(new PixelBuffer(2, 1, 3, [100, 150, 200, 0, 50, 250]), Contract with { ColorOrder = ColorOrder.Bgr });
        Assert.Equal([2, 3, 1, -1, 0, -2], input);
    }

    [Fact]
    public void GreyFillsThreePlanes() => Assert.Equal([-1, 1, -1, 1, -1, 1], Write(new PixelBuffer(2, 1, 1, [50, 150]), Contract));

    [Fact]
    public void OtherSizesAreResizedFirst()
    {
        var image = new PixelBuffer(8, 4, 1, [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 8))]);
        Assert.Equal(Write(ImageResizer.Resize(image, 2, 1), Contract), Write(image, Contract));
    }

    [Fact]
    public void ADestinationOfAnotherLengthIsRefused() =>
        Assert.Throws<ArgumentException>(() => FacePreprocessor.Write(new PixelBuffer(2, 1, 1, [1, 2]), Contract, new float[5]));

    private static float[] Write(PixelBuffer image, PreprocessingContract contract)
    {
        float[] input = new float[contract.InputLength];
        FacePreprocessor.Write(image, contract, input);
        return [.. input.Select(v => MathF.Round(v, 5))];
    }
}

using Semblance.Data.Augmenting;
using Semblance.Data.Tests.Support;
using Semblance.Imaging;
using Semblance.Numerics;

namespace Semblance.Data.Tests.Augmenting;

/// <summary>Each change alone, always on, seen in the model's input.</summary>
public sealed class AugmenterTests
{
    // Input values are byte values.
    private static readonly PreprocessingContract Contract = new() { Width = 32, Height = 32, Mean = 0, Std = 1 };

    [Fact]
    public void AFlipIsTheMirroredInput()
    {
        PixelBuffer image = TestImages.Noise(40, 36, 3);
        float[] flipped = Write(image, AugmentationOptions.None with { FlipProbability = 1 });
        float[] plain = Write(image, AugmentationOptions.None);
        Assert.Equal(plain.Chunk(32).SelectMany(row => row.Reverse()), flipped);
    }

    [Fact]
    public void ACropShowsAPartEnlarged()
    {
        // A ramp: the values shown span as much of 0…255 as the crop spans of the image.
        PixelBuffer ramp = Ramp();
        for (ulong seed = 0; seed < 20; seed++)
        {
            float[] crop = Write(ramp, AugmentationOptions.None with { CropProbability = 1, CropMinArea = 0.25, CropMaxArea = 0.25, CropAspect = 1 }, seed);
            Assert.InRange(crop[31] - crop[0], 0.44f * 255, 0.52f * 255);
        }
    }

    [Fact]
    public void BrightnessAndContrastMoveTheMean()
    {
        PixelBuffer grey = new(32, 32, 1, [.. Enumerable.Repeat((byte)100, 1024)]);
        float[] means = [.. Enumerable.Range(0, 200).Select(seed =>
            Write(grey, AugmentationOptions.None with { BrightnessProbability = 1, Brightness = 0.2, Contrast = 0 }, (ulong)seed)[0])];
        Assert.InRange(means.Min(), 100 - 51.1f, 100 - 40);
        Assert.InRange(means.Max(), 100 + 40, 100 + 51.1f);
    }

    [Fact]
    public void GreyHasThreeEqualPlanes()
    {
        float[] input = Write(TestImages.Noise(32, 32, 3), AugmentationOptions.None with { GreyProbability = 1 });
        PixelBuffer image = TestImages.Noise(32, 32, 3);
        Assert.Equal((0.299f * image.Data[0]) + (0.587f * image.Data[1]) + (0.114f * image.Data[2]), input[0], 0.01f);
        for (int i = 0; i < 1024; i++)
        {
            Assert.Equal(input[i], input[1024 + i], 0.01f);
            Assert.Equal(input[i], input[2048 + i], 0.01f);
        }
    }

    [Fact]
    public void ColoursChangeButGreyImagesStay()
    {
        AugmentationOptions options = AugmentationOptions.None with { ColorProbability = 1 };
        Assert.NotEqual(Write(TestImages.Noise(32, 32, 3), AugmentationOptions.None), Write(TestImages.Noise(32, 32, 3), options));
        Assert.Equal(Write(TestImages.Noise(32, 32, 1), AugmentationOptions.None), Write(TestImages.Noise(32, 32, 1), options));
    }

    [Fact]
    public void BlurKeepsTheMeanAndTakesTheDetail()
    {
        PixelBuffer noise = TestImages.Noise(32, 32, 1);
        float[] plain = Write(noise, AugmentationOptions.None), blurred = Write(noise, AugmentationOptions.None with { BlurProbability = 1, BlurSigma = 4 });
        Assert.Equal(plain.Average(), blurred.Average(), 6f);
        Assert.True(Roughness(blurred) < 0.7 * Roughness(plain));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void JpegLeavesTheImageNearButNotTheSame(int channels)
    {
        PixelBuffer image = TestImages.Smooth(32, 32, channels);
        float[] plain = Write(image, AugmentationOptions.None), coded = Write(image, AugmentationOptions.None with { JpegProbability = 1, JpegMinQuality = 30 });
        float difference = plain.Zip(coded).Average(pair => Math.Abs(pair.First - pair.Second));
        Assert.InRange(difference, 0.01f, 12f);
    }

    [Fact]
    public void ErasingFillsOneRectangleOfTheGivenArea()
    {
        PixelBuffer black = new(32, 32, 3, new byte[3072]);
        for (ulong seed = 0; seed < 20; seed++)
        {
            float[] input = Write(black, AugmentationOptions.None with { ErasingProbability = 1, ErasingMinArea = 0.1, ErasingMaxArea = 0.1 }, seed);
            int[] touched = [.. Enumerable.Range(0, 1024).Where(i => input[i] + input[1024 + i] + input[2048 + i] > 0)];
            int width = touched.Max(i => i % 32) - touched.Min(i => i % 32) + 1, height = touched.Max(i => i / 32) - touched.Min(i => i / 32) + 1;
            Assert.Equal(width * height, touched.Length);
            Assert.InRange(touched.Length, 80, 125);
        }
    }

    [Fact]
    public void ARotationMovesCornersButNotTheCentre()
    {
        PixelBuffer ramp = Ramp();
        AugmentationOptions options = AugmentationOptions.None with { RotationProbability = 1, RotationDegrees = 20 };
        float[] plain = Write(ramp, AugmentationOptions.None), turned = Write(ramp, options);
        float Centre(float[] v) => (v[(15 * 32) + 15] + v[(15 * 32) + 16] + v[(16 * 32) + 15] + v[(16 * 32) + 16]) / 4;
        Assert.Equal(Centre(plain), Centre(turned), 1.5f);
        Assert.True(Math.Abs(plain[16] - turned[16]) > 1);
    }

    [Fact]
    public void ProbabilitiesAreKept()
    {
        PixelBuffer image = TestImages.Noise(32, 32, 3);
        float[] plain = Write(image, AugmentationOptions.None);
        int flips = Enumerable.Range(0, 2000).Count(seed => !Write(image, AugmentationOptions.None with { FlipProbability = 0.3 }, (ulong)seed).AsSpan().SequenceEqual(plain));
        Assert.InRange(flips, 520, 680);
    }

    [Fact]
    public void ColourOrderIsKept()
    {
        PixelBuffer red = new(32, 32, 3, [.. Enumerable.Range(0, 3072).Select(i => (byte)(i % 3 == 0 ? 200 : 0))]);
        AugmentationOptions crop = AugmentationOptions.None with { CropProbability = 1 };
        Assert.Equal((200f, 0f), (Write(red, crop)[0], Write(red, crop)[2048]));
        float[] bgr = new float[3072];
        var random = new CountedRandom(1);
        new Augmenter(crop, Contract with { ColorOrder = ColorOrder.Bgr }).Write(red, ref random, bgr);
        Assert.Equal((0f, 200f), (bgr[0], bgr[2048]));
    }

    private static double Roughness(float[] values) => values.Zip(values.Skip(1)).Average(pair => Math.Abs(pair.First - pair.Second));

    private static PixelBuffer Ramp() => new(40, 40, 1, [.. Enumerable.Range(0, 1600).Select(i => (byte)(i % 40 * 255 / 39))]);

    private static float[] Write(PixelBuffer image, AugmentationOptions options, ulong seed = 1)
    {
        float[] input = new float[Contract.InputLength];
        var random = new CountedRandom(seed);
        new Augmenter(options, Contract).Write(image, ref random, input);
        return input;
    }
}

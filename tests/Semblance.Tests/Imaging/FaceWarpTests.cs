using System.Numerics;
using CsCheck;
using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public sealed class FaceWarpTests
{
    private static readonly Gen<PixelBuffer> Photo = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Bool, Gen.UInt, (w, h, grey, seed) => Noise(w, h, grey ? 1 : 3, seed));

    [Fact]
    public void WithoutMovementThePhotoComesBack() => Photo.Sample(photo =>
        Assert.Equal(photo.Data, FaceWarp.Crop(photo, SimilarityTransform.Identity, photo.Width, photo.Height).Data));

    [Fact]
    public void AWholeShiftMovesPixelsAndTheOutsideIsBlack() => Gen.Select(Photo, Gen.Int[-45, 45], Gen.Int[-45, 45]).Sample((photo, dx, dy) =>
    {
        PixelBuffer crop = FaceWarp.Crop(photo, new SimilarityTransform(1, 0, dx, dy), 30, 20);
        Assert.Equal((30, 20, photo.Channels), (crop.Width, crop.Height, crop.Channels));
        for (int y = 0; y < 20; y++)
        {
            for (int x = 0; x < 30; x++)
            {
                for (int c = 0; c < crop.Channels; c++)
                {
                    Assert.Equal(At(photo, x - dx, y - dy, c), At(crop, x, y, c));
                }
            }
        }
    });

    [Fact]
    public void AQuarterTurnClockwisePutsTheLeftColumnOnTop() =>
        Assert.Equal([3, 1, 4, 2], FaceWarp.Crop(new PixelBuffer(2, 2, 1, [1, 2, 3, 4]), new SimilarityTransform(0, 1, 1, 0), 2, 2).Data);

    [Fact]
    public void SamplesAreBilinearToHalfAGreyLevel() => Gen.Select(Photo, Gen.Double[0.55, 8], Gen.Double[-180, 180], Gen.Double[-40, 40], Gen.Double[-40, 40]).Sample((photo, scale, angle, dx, dy) =>
    {
        var transform = new SimilarityTransform(scale * Math.Cos(angle), scale * Math.Sin(angle), dx, dy);
        PixelBuffer crop = FaceWarp.Crop(photo, transform, 25, 25);
        SimilarityTransform back = transform.Inverse;
        for (int y = 0; y < 25; y++)
        {
            for (int x = 0; x < 25; x++)
            {
                double px = (back.A * x) - (back.B * y) + back.ShiftX, py = (back.B * x) + (back.A * y) + back.ShiftY;
                for (int c = 0; c < crop.Channels; c++)
                {
                    Assert.True(Math.Abs(Bilinear(photo, px, py, c) - At(crop, x, y, c)) <= 0.75);
                }
            }
        }
    });

    [Fact]
    public void AFlatPhotoStaysFlatHoweverMuchItShrinks() => Gen.Select(Gen.Double[1, 60], Gen.Double[-3.2, 3.2], Gen.Byte, Gen.Bool).Sample((shrink, angle, value, grey) =>
    {
        // The crop lies well inside the photo, whichever way it is turned.
        const int Side = 8;
        int photoSide = (int)(shrink * Side * 2) + 20;
        int channels = grey ? 1 : 3;
        var photo = new PixelBuffer(photoSide, photoSide, channels, [.. Enumerable.Repeat(value, photoSide * photoSide * channels)]);
        PixelBuffer crop = FaceWarp.Crop(photo, Centred(photoSide, Side, 1 / shrink, angle), Side, Side);
        Assert.All(crop.Data, pixel => Assert.Equal(value, pixel));
    });

    [Fact]
    public void ShrinkingSkipsNoPixel()
    {
        // A grating of single pixels: points sampled from it would be black or white, the mean is grey.
        const int Side = 1200;
        byte[] stripes = [.. Enumerable.Range(0, Side * Side).Select(i => (byte)(i % Side % 2 == 0 ? 255 : 0))];
        foreach (double shrink in new[] { 4.0, 7.3, 10.0 })
        {
            PixelBuffer crop = FaceWarp.Crop(new PixelBuffer(Side, Side, 1, stripes), Centred(Side, 100, 1 / shrink, 0), 100, 100);
            Assert.All(crop.Data, pixel => Assert.InRange(pixel, 80, 175));
        }
    }

    [Fact]
    public void ShrinkingKeepsPlaces() => Gen.Select(Gen.Double[2, 30], Gen.Double[-3.2, 3.2], Gen.Bool).Sample((shrink, angle, grey) =>
    {
        // A plane of rising brightness has the same value at corresponding places, whatever was averaged.
        const int Side = 9;
        int photoSide = (int)(shrink * Side * 2) + 20;
        int channels = grey ? 1 : 3;
        byte[] slope = new byte[photoSide * photoSide * channels];
        for (int i = 0; i < slope.Length; i++)
        {
            slope[i] = (byte)Math.Round(i / channels % photoSide * 255.0 / (photoSide - 1));
        }

        SimilarityTransform transform = Centred(photoSide, Side, 1 / shrink, angle);
        PixelBuffer crop = FaceWarp.Crop(new PixelBuffer(photoSide, photoSide, channels, slope), transform, Side, Side);
        SimilarityTransform back = transform.Inverse;
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                double expected = back.Apply(new Vector2(x, y)).X * 255.0 / (photoSide - 1);
                Assert.True(Math.Abs(expected - At(crop, x, y, 0)) <= 1.6, $"{expected} at {x},{y}: {At(crop, x, y, 0)}");
            }
        }
    });

    [Fact]
    public void AFaceAtTheBorderShrinksIntoBlack()
    {
        var white = new PixelBuffer(400, 400, 3, [.. Enumerable.Repeat((byte)255, 400 * 400 * 3)]);
        PixelBuffer crop = FaceWarp.Crop(white, new SimilarityTransform(0.1, 0, 20, 20), 40, 40);
        Assert.Equal((0, 0, 255, 255), (At(crop, 5, 30, 0), At(crop, 30, 5, 1), At(crop, 25, 25, 2), At(crop, 39, 39, 0)));
    }

    [Fact]
    public void ALargePhotoIsNotResizedWhole()
    {
        // What a face of 300 pixels in a photo of 24 megapixels allocates: its region, not the photo.
        var photo = new PixelBuffer(6000, 4000, 1, new byte[24_000_000]);
        SimilarityTransform transform = new SimilarityTransform(1, 0, -3000, -2000).Then(new SimilarityTransform(0.3, 0, 0, 0));
        _ = FaceWarp.Crop(photo, transform, 112, 112);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = FaceWarp.Crop(photo, transform, 112, 112);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Theory]
    [InlineData(1e-9, 0)]
    [InlineData(1e9, 0)]
    [InlineData(1, 1e30)]
    [InlineData(1e-120, 50)]
    [InlineData(1e150, -5)]
    public void ExtremeTransformsGiveACropAndNoFault(double scale, double shift)
    {
        PixelBuffer crop = FaceWarp.Crop(Noise(20, 30, 3, 1), new SimilarityTransform(scale, 0, shift, shift), 16, 16);
        Assert.Equal((16, 16), (crop.Width, crop.Height));
    }

    [Fact]
    public void ATransformWithoutInverseIsRefused() =>
        Assert.Throws<InvalidOperationException>(() => FaceWarp.Crop(Noise(4, 4, 1, 1), new SimilarityTransform(0, 0, 1, 1), 4, 4));

    private static SimilarityTransform Centred(int photoSide, int cropSide, double scale, double angle)
    {
        double a = scale * Math.Cos(angle), b = scale * Math.Sin(angle), from = (photoSide - 1) / 2.0, to = (cropSide - 1) / 2.0;
        return new SimilarityTransform(a, b, to - ((a * from) - (b * from)), to - ((b * from) + (a * from)));
    }

    private static PixelBuffer Noise(int width, int height, int channels, uint seed)
    {
        byte[] data = new byte[width * height * channels];
        new Random((int)seed).NextBytes(data);
        return new PixelBuffer(width, height, channels, data);
    }

    private static int At(PixelBuffer image, int x, int y, int channel) =>
        x >= 0 && y >= 0 && x < image.Width && y < image.Height ? image.Data[(((y * image.Width) + x) * image.Channels) + channel] : 0;

    private static double Bilinear(PixelBuffer image, double x, double y, int channel)
    {
        if (Math.Abs(x) > 1e6 || Math.Abs(y) > 1e6)
        {
            return 0;
        }

        int column = (int)Math.Floor(x), row = (int)Math.Floor(y);
        double right = x - column, below = y - row;
        double upper = (At(image, column, row, channel) * (1 - right)) + (At(image, column + 1, row, channel) * right);
        double lower = (At(image, column, row + 1, channel) * (1 - right)) + (At(image, column + 1, row + 1, channel) * right);
        return (upper * (1 - below)) + (lower * below);
    }
}

using CsCheck;
using Semblance.Data.Augmenting;
using Semblance.Data.Tests.Support;
using Semblance.Imaging;

namespace Semblance.Data.Tests.Augmenting;

public sealed class BilinearWarpTests
{
    // Against the plain definition: where each input pixel lies in the image, and four neighbours there.
    [Fact]
    public void AgreesWithTheDefinition() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Bool, Gen.Bool, Gen.Double[0.2, 1], Gen.Double[0.2, 1], Gen.Double[0, 1], Gen.Double[-0.5, 0.5]).Sample(
            (width, height, grey, flip, partX, partY, at, angle) =>
            {
                PixelBuffer image = TestImages.Noise(width, height, grey ? 1 : 3);
                foreach (double turn in new[] { 0, angle })
                {
                    var geometry = new Geometry(flip, at * (1 - partX), at * (1 - partY), partX, partY, turn);
                    float[] planes = new float[image.Channels * 13 * 11];
                    new BilinearWarp(13, 11).Sample(image, geometry, planes);
                    for (int i = 0; i < planes.Length; i++)
                    {
                        Assert.Equal(Define(image, geometry, i / (13 * 11), i % 13, i / 13 % 11), planes[i], 0.5f);
                    }
                }
            });

    [Fact]
    public void ReusesItsLineForImagesOfAnySize()
    {
        var warp = new BilinearWarp(8, 8);
        var whole = new Geometry(false, 0.1, 0.1, 0.8, 0.8, 0);
        foreach (int size in new[] { 30, 3, 50, 1 })
        {
            float[] reused = new float[192], fresh = new float[192];
            warp.Sample(TestImages.Noise(size, size, 3), whole, reused);
            new BilinearWarp(8, 8).Sample(TestImages.Noise(size, size, 3), whole, fresh);
            Assert.Equal(fresh, reused);
        }
    }

    private static float Define(PixelBuffer image, Geometry geometry, int channel, int x, int y)
    {
        double dx = (x - 6) * (geometry.Flip ? -1 : 1), dy = y - 5;
        double turnedX = (dx * Math.Cos(geometry.Angle)) - (dy * Math.Sin(geometry.Angle)), turnedY = (dx * Math.Sin(geometry.Angle)) + (dy * Math.Cos(geometry.Angle));
        double atX = ((geometry.Left + (geometry.Width * (0.5 + (turnedX / 13)))) * image.Width) - 0.5;
        double atY = ((geometry.Top + (geometry.Height * (0.5 + (turnedY / 11)))) * image.Height) - 0.5;
        int left = (int)Math.Floor(atX), top = (int)Math.Floor(atY);
        double right = atX - left, below = atY - top;
        return (float)(((Pixel(left, top) * (1 - right)) + (Pixel(left + 1, top) * right)) * (1 - below)
            + (((Pixel(left, top + 1) * (1 - right)) + (Pixel(left + 1, top + 1) * right)) * below));

        double Pixel(int column, int row) =>
            image.Data[(((Math.Clamp(row, 0, image.Height - 1) * image.Width) + Math.Clamp(column, 0, image.Width - 1)) * image.Channels) + channel];
    }
}

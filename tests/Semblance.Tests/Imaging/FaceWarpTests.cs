using CsCheck;
using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public class FaceWarpTests
{
    [Fact]
    public void Without_a_transform_the_crop_is_the_photo() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.OneOf(Gen.Const(1), Gen.Const(3)), Gen.Int).Sample((width, height, channels, seed) =>
    {
        PixelBuffer photo = Noise(width, height, channels, seed);
        Assert.Equal(photo.Data, FaceWarp.Crop(photo, SimilarityTransform.Identity, width, height).Data);
    });

    [Fact]
    public void A_shift_moves_pixels_and_leaves_black_behind()
    {
        var photo = new PixelBuffer(3, 1, 1, [10, 20, 30]);
        Assert.Equal([0, 10, 20, 30, 0], FaceWarp.Crop(photo, new SimilarityTransform(1, 0, 1, 0), 5, 1).Data);
        Assert.Equal([5, 15, 25, 15], FaceWarp.Crop(photo, new SimilarityTransform(1, 0, 0.5, 0), 4, 1).Data);
    }

    [Fact]
    public void A_quarter_turn_clockwise_puts_the_left_column_on_top()
    {
        var photo = new PixelBuffer(2, 2, 1, [1, 2, 3, 4]);
        Assert.Equal([3, 1, 4, 2], FaceWarp.Crop(photo, new SimilarityTransform(0, 1, 1, 0), 2, 2).Data);
    }

    [Fact]
    public void A_large_photo_is_averaged_not_skipped_through()
    {
        // Stripes of one pixel: any sampling of single pixels would give stripes or one of both colours.
        byte[] stripes = new byte[640 * 640];
        for (int i = 0; i < stripes.Length; i++)
        {
            stripes[i] = (byte)(i % 640 % 2 == 0 ? 0 : 200);
        }

        PixelBuffer crop = FaceWarp.Crop(new PixelBuffer(640, 640, 1, stripes), new SimilarityTransform(0.1, 0, 0, 0), 64, 64);
        Assert.All(Enumerable.Range(8, 40), i => Assert.InRange(crop.Data[(32 * 64) + i], 90, 110));
    }

    [Fact]
    public void Colours_keep_their_channels()
    {
        var photo = new PixelBuffer(2, 2, 3, [.. Enumerable.Repeat(new byte[] { 200, 100, 50 }, 4).SelectMany(p => p)]);
        PixelBuffer crop = FaceWarp.Crop(photo, new SimilarityTransform(4, 0, 1.5, 1.5), 6, 6);
        Assert.Equal([200, 100, 50], crop.Data.AsSpan(((2 * 6) + 2) * 3, 3).ToArray());
    }

    private static PixelBuffer Noise(int width, int height, int channels, int seed)
    {
        byte[] data = new byte[width * height * channels];
        new Random(seed).NextBytes(data);
        return new PixelBuffer(width, height, channels, data);
    }
}

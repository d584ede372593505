using Semblance.Data.Synthesis;
using Semblance.Imaging;

namespace Semblance.Data.Tests.Synthesis;

public sealed class SyntheticFacesTests
{
    private static readonly SyntheticFaceOptions s_few = new() { Identities = 4, ImagesPerIdentity = 3, Size = 64, Seed = 7 };

    [Fact]
    public void The_same_options_draw_the_same_bytes() =>
        Assert.Equal(new SyntheticFaces(s_few).Render(2, 1).Data, new SyntheticFaces(s_few).Render(2, 1).Data);

    [Fact]
    public async Task Threads_drawing_at_once_draw_what_one_draws()
    {
        var faces = new SyntheticFaces(s_few);
        byte[][] alone = Enumerable.Range(0, 12).Select(i => faces.Render(i / 3, i % 3).Data).ToArray();
        byte[][] together = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => Task.Run(() => faces.Render(i / 3, i % 3).Data, TestContext.Current.CancellationToken)));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Another_seed_identity_or_image_draws_something_else()
    {
        var faces = new SyntheticFaces(s_few);
        byte[] one = faces.Render(0, 0).Data;
        Assert.NotEqual(one, faces.Render(0, 1).Data);
        Assert.NotEqual(one, faces.Render(1, 0).Data);
        Assert.NotEqual(one, new SyntheticFaces(s_few with { Seed = 8 }).Render(0, 0).Data);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(112)]
    [InlineData(200)]
    public void Images_are_colour_and_of_the_size_asked_for(int size)
    {
        PixelBuffer image = new SyntheticFaces(s_few with { Size = size }).Render(1, 0);
        Assert.Equal((size, size, 3), (image.Width, image.Height, image.Channels));
        Assert.True(image.Data.Distinct().Count() > 40);
    }

    [Fact]
    public void The_first_identity_moves_the_window_over_one_endless_row_of_people()
    {
        var all = new SyntheticFaces(s_few);
        var later = new SyntheticFaces(s_few with { FirstIdentity = 2, Identities = 2 });
        Assert.Equal(all.Render(3, 1).Data, later.Render(1, 1).Data);
        Assert.Equal(all.IdentityName(3), later.IdentityName(1));
        Assert.Equal("id_00003/id_00003_0002.jpg", later.ImagePath(1, 1));
    }

    [Fact]
    public void Without_a_long_tail_everyone_has_as_many_images() =>
        Assert.Equal([3, 3, 3, 3], Enumerable.Range(0, 4).Select(new SyntheticFaces(s_few).ImageCount));

    [Fact]
    public void With_a_long_tail_counts_fall_as_a_power_of_the_rank_and_end_at_one()
    {
        var faces = new SyntheticFaces(s_few with { Identities = 50, ImagesPerIdentity = 24, LongTailExponent = 1 });
        int[] counts = Enumerable.Range(0, 50).Select(faces.ImageCount).ToArray();
        Assert.Equal([24, 12, 8, 6, 5, 4, 3, 3], counts[..8]);
        Assert.Equal(1, counts[^1]);
        Assert.Equal(counts.Sum(), faces.Images);
    }

    [Theory]
    [InlineData(0, 3, 64, 0, 0.0, "identities")]
    [InlineData(4, 0, 64, 0, 0.0, "images per identity")]
    [InlineData(4, 3, 16, 0, 0.0, "the image size")]
    [InlineData(4, 3, 64, -1, 0.0, "the first identity")]
    [InlineData(4, 3, 64, 0, -0.5, "the long-tail exponent")]
    [InlineData(4, 3, 64, 0, double.NaN, "the long-tail exponent")]
    public void An_option_out_of_range_is_named(int identities, int images, int size, int first, double exponent, string name)
    {
        var options = new SyntheticFaceOptions
        {
            Identities = identities, ImagesPerIdentity = images, Size = size, FirstIdentity = first, LongTailExponent = exponent,
        };
        Assert.Contains(name, Assert.Throws<UsageException>(() => new SyntheticFaces(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_outside_the_set_is_refused()
    {
        var faces = new SyntheticFaces(s_few);
        Assert.Throws<ArgumentOutOfRangeException>(() => faces.Render(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => faces.Render(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => faces.IdentityName(-1));
    }
}

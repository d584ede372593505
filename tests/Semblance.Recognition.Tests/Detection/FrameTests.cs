using System.Numerics;
using CsCheck;
using Semblance.Imaging;
using Semblance.Numerics;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Detection.Frames;

namespace Semblance.Recognition.Tests.Detection;

public sealed class FrameTests
{
    private static readonly Gen<Letterbox> Views =
        from width in Gen.Int[1, 40]
        from height in Gen.Int[1, 40]
        from scale in Gen.Float[0.05f, 6]
        from x in Gen.Float[-60, 60]
        from y in Gen.Float[-60, 60]
        select new Letterbox(width, height, scale, x, y);

    [Fact]
    public void A_point_comes_back_through_a_letterbox() =>
        Gen.Select(Views, Gen.Float[-500, 500], Gen.Float[-500, 500]).Sample((view, x, y) =>
        {
            var point = new Vector2(x, y);
            Assert.True(Vector2.Distance(point, view.ToPhoto(view.ToFrame(point))) < 0.02f);
        });

    [Fact]
    public void A_fitted_photo_lies_within_its_frame_and_touches_two_sides() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 5000], Gen.Int[1, 700], Gen.Int[1, 700], Gen.Bool).Sample((w, h, width, height, centred) =>
        {
            var view = Letterbox.Fit(w, h, width, height, centred);
            Vector2 from = view.ToFrame(Vector2.Zero), to = view.ToFrame(new Vector2(w, h));
            Assert.True(from.X > -0.01f && from.Y > -0.01f && to.X < width + 0.01f && to.Y < height + 0.01f);
            Assert.True(Math.Abs(to.X - from.X - width) < 0.01f || Math.Abs(to.Y - from.Y - height) < 0.01f);
            Assert.Equal(centred ? width - to.X : 0, from.X, 0.01f);
            Assert.Equal(centred ? height - to.Y : 0, from.Y, 0.01f);
        });

    [Fact]
    public void A_small_photo_is_enlarged_no_more_than_allowed() =>
        Assert.Equal(new Letterbox(320, 320, 1, 0, 0), Letterbox.Fit(100, 50, 320, 320, centred: false, maxScale: 1));

    [Fact]
    public void A_view_at_full_scale_is_the_photo_itself_normalised()
    {
        PixelBuffer photo = Noise(9, 7, 3, 1);
        var format = new FrameFormat { Order = ColorOrder.Bgr, Mean = new Vector3(10, 20, 30), Factor = 0.5f, Padding = 40 };
        float[] frame = new float[3 * 10 * 8];
        FrameWriter.Write(photo, new Letterbox(10, 8, 1, 0, 0), format, frame);
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 10; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    // Blue comes first; the tenth column and the eighth row are padding.
                    float value = x < 9 && y < 7 ? photo.Data[(((y * 9) + x) * 3) + c] : 40;
                    Assert.Equal((value - (10 * (c + 1))) * 0.5f, frame[((2 - c) * 80) + (y * 10) + x], 1e-3f);
                }
            }
        }
    }

    [Fact]
    public void Frames_equal_a_plain_computation_in_every_layout() =>
        Gen.Select(Views, Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[0, 31], Gen.Int[0, 1000]).Sample((view, width, height, bits, seed) =>
        {
            PixelBuffer photo = Noise(width, height, (bits & 1) == 0 ? 1 : 3, (ulong)seed);
            var format = new FrameFormat
            {
                Channels = (bits & 2) == 0 ? 1 : 3,
                ChannelsLast = (bits & 4) != 0,
                Order = (bits & 8) == 0 ? ColorOrder.Rgb : ColorOrder.Bgr,
                Mean = (bits & 16) == 0 ? new Vector3(127) : new Vector3(123, 117, 104),
                Factor = 1 / 128f,
                Padding = (seed % 3) switch { 0 => null, 1 => 0, _ => 200 },
                Replicate = seed % 5 == 0,
            };
            float[] actual = new float[format.Channels * view.Width * view.Height];
            Array.Fill(actual, float.NaN);
            FrameWriter.Write(photo, view, format, actual);
            float[] expected = Plain(photo, view, format);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) < 2e-3f, $"{i}: {expected[i]} but {actual[i]}");
            }
        });

    [Fact]
    public void Shrinking_by_a_whole_factor_takes_the_mean_of_each_block() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 60], Gen.Bool, Gen.Int[1, 20], Gen.Int[0, 1000]).Sample((width, height, colour, factor, seed) =>
        {
            int channels = colour ? 3 : 1;
            PixelBuffer photo = Noise(width, height, channels, (ulong)seed);
            PixelBuffer small = BoxReduction.Shrink(photo, factor);
            Assert.Equal(((width + factor - 1) / factor, (height + factor - 1) / factor, channels), (small.Width, small.Height, small.Channels));
            for (int i = 0; i < small.Data.Length; i++)
            {
                int c = i % channels, left = i / channels % small.Width * factor, top = i / channels / small.Width * factor;
                var block = from y in Enumerable.Range(top, Math.Min(factor, height - top))
                            from x in Enumerable.Range(left, Math.Min(factor, width - left))
                            select (double)photo.Data[(((y * width) + x) * channels) + c];
                Assert.Equal(block.Average(), small.Data[i], 0.501);
            }
        });

    [Fact]
    public void White_photos_survive_the_largest_factor()
    {
        byte[] white = new byte[600 * 300];
        Array.Fill(white, (byte)255);
        Assert.All(BoxReduction.Shrink(new PixelBuffer(600, 300, 1, white), BoxReduction.MaxFactor).Data, v => Assert.Equal(255, v));
    }

    [Fact]
    public void Every_face_of_interest_is_whole_and_large_enough_in_some_view() =>
        Gen.Select(Gen.Int[60, 8000], Gen.Int[60, 8000], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[16, 24]).Sample(
            (w, h, size, x, y, reliable) =>
            {
                var whole = Letterbox.Fit(w, h, 320, 240, centred: false);
                List<Letterbox> views = [whole, .. LookPlan.Tiles(w, h, whole, reliable, new DetectionOptions())];
                double least = Math.Max(40, Math.Sqrt((double)w * h) / 40), most = Math.Min(w, h);
                double side = least * Math.Pow(Math.Max(1, most / least), size);
                if (side > most)
                {
                    return;
                }

                var from = new Vector2((float)(x * (w - side)), (float)(y * (h - side)));
                Assert.Contains(views, v =>
                {
                    Vector2 a = v.ToFrame(from), b = v.ToFrame(from + new Vector2((float)side));
                    return a.X > -0.1 && a.Y > -0.1 && b.X < v.Width + 0.1 && b.Y < v.Height + 0.1 && b.Y - a.Y >= 0.99 * reliable / 1.5;
                });
            });

    [Theory]
    [InlineData(250, 250)]
    [InlineData(640, 480)]
    [InlineData(800, 600)]
    [InlineData(1, 1)]
    public void Small_photos_take_one_look(int width, int height) =>
        Assert.Empty(LookPlan.Tiles(width, height, Letterbox.Fit(width, height, 320, 240, centred: false), 20, new DetectionOptions()));

    [Fact]
    public void The_number_of_tiles_is_bounded_however_long_a_photo_is()
    {
        foreach ((int width, int height) in new[] { (100_000, 1000), (10_000, 10_000), (1, 1_000_000) })
        {
            List<Letterbox> tiles = LookPlan.Tiles(
                width, height, Letterbox.Fit(width, height, 128, 128, centred: true), 24, new DetectionOptions { Search = FaceSearch.Thorough });
            Assert.InRange(tiles.Count, 1, 400);
        }
    }

    private static PixelBuffer Noise(int width, int height, int channels, ulong seed)
    {
        var random = new CountedRandom(seed);
        byte[] data = new byte[width * height * channels];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)random.NextInt(256);
        }

        return new PixelBuffer(width, height, channels, data);
    }

    private static float[] Plain(PixelBuffer photo, Letterbox view, FrameFormat format)
    {
        float[] frame = new float[format.Channels * view.Width * view.Height];
        double[] means = [format.Mean.X, format.Mean.Y, format.Mean.Z];
        for (int y = 0; y < view.Height; y++)
        {
            for (int x = 0; x < view.Width; x++)
            {
                (int K, double W)[] columns = Weights(photo.Width, x, view.Scale, view.OffsetX, format.Replicate);
                (int K, double W)[] rows = Weights(photo.Height, y, view.Scale, view.OffsetY, format.Replicate);
                double[] rgb = new double[3];
                for (int c = 0; c < 3; c++)
                {
                    rgb[c] = columns.Length == 0 || rows.Length == 0
                        ? format.Padding ?? means[c]
                        : rows.Sum(r => columns.Sum(q => r.W * q.W * photo.Data[(((r.K * photo.Width) + q.K) * photo.Channels) + (photo.Channels == 3 ? c : 0)]));
                }

                if (format.Channels == 1)
                {
                    bool grey = columns.Length == 0 || rows.Length == 0 || photo.Channels == 1;
                    double value = grey ? rgb[0] : (0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]);
                    frame[(y * view.Width) + x] = (float)((value - means[0]) * format.Factor);
                    continue;
                }

                for (int c = 0; c < 3; c++)
                {
                    int channel = format.Order == ColorOrder.Rgb ? c : 2 - c;
                    int at = format.ChannelsLast ? (((y * view.Width) + x) * 3) + channel : (((channel * view.Height) + y) * view.Width) + x;
                    frame[at] = (float)((rgb[c] - means[c]) * format.Factor);
                }
            }
        }

        return frame;
    }

    /// <summary>A triangle as wide as a target pixel (at least a source pixel) to both sides of its centre.</summary>
    private static (int, double)[] Weights(int source, int target, double scale, double offset, bool replicate)
    {
        double edge = (target + 0.5 - offset) / scale;
        if ((edge < 0 || edge > source) && !replicate)
        {
            return [];
        }

        double centre = Math.Clamp(edge, 0, source) - 0.5, width = Math.Max(1, 1 / scale);
        (int K, double W)[] weights = [.. Enumerable.Range(0, source).Select(k => (k, Math.Max(0, 1 - (Math.Abs(k - centre) / width)))).Where(w => w.Item2 > 0)];
        double total = weights.Sum(w => w.W);
        return [.. weights.Select(w => (w.K, w.W / total))];
    }
}

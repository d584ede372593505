using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public sealed class FaceQualityTests
{
    [Fact]
    public void Sizes_are_those_in_the_photo()
    {
        FaceQuality quality = Measure(Pictures.Noise(400, 400), FakeDetector.Face(200, 200, eyes: 70, score: 0.8f));
        Assert.Equal(70, quality.EyeDistance, 0.1);
        Assert.Equal(196, quality.FaceHeight, 0.1);
        Assert.Equal(0.8, quality.Score, 6);
        Assert.Equal(1, quality.Visible);
    }

    [Fact]
    public void Sharpness_depends_neither_on_the_photos_size_nor_on_its_contrast_nor_on_the_template()
    {
        // The same face with waves over it, in photos of several sizes; the crop of each is the same picture.
        double expected = Measure(Pictures.Waves(150, 150, 8), FakeDetector.Face(75, 75, 35.24f)).Sharpness;
        foreach (int size in new[] { 2, 4, 9 })
        {
            double larger = Measure(Pictures.Waves(150 * size, 150 * size, 8 * size), FakeDetector.Face((75.5f * size) - 0.5f, (75.5f * size) - 0.5f, 35.24f * size)).Sharpness;
            Assert.InRange(larger / expected, 0.85, 1.15);
        }

        Assert.InRange(Measure(Pictures.Waves(150, 150, 8, amplitude: 30), FakeDetector.Face(75, 75, 35.24f)).Sharpness / expected, 0.95, 1.05);
        double fine = Measure(Pictures.Waves(600, 600, 32), FakeDetector.Face(300, 300, 141), AlignmentTemplate.Parse("arcface-448", "test")).Sharpness;
        Assert.InRange(fine / expected, 0.8, 1.2);
    }

    [Fact]
    public void What_is_blurred_is_less_sharp_than_what_is_not()
    {
        double[] sharpness = [.. new[] { 5.0, 8, 12, 20, 40 }.Select(length => Measure(Pictures.Waves(150, 150, length), FakeDetector.Face(75, 75, 35.24f)).Sharpness)];
        Assert.Equal(sharpness.OrderDescending(), sharpness);
        Assert.True(sharpness[0] > 10 * sharpness[^1]);
        Assert.Equal(0, Measure(Pictures.Flat(150, 150, 90), FakeDetector.Face(75, 75, 35.24f)).Sharpness);
    }

    [Fact]
    public void Tones_are_those_of_the_face()
    {
        FaceQuality grey = Measure(Pictures.Flat(200, 200, 90), FakeDetector.Face(100, 100, 50));
        Assert.Equal((90.0, 0.0, 0.0), (grey.Brightness, grey.Contrast, grey.Clipped));
        FaceQuality white = Measure(Pictures.Flat(200, 200, 255, channels: 1), FakeDetector.Face(100, 100, 50));
        Assert.Equal((255.0, 0.0, 1.0), (white.Brightness, white.Contrast, white.Clipped));
        FaceQuality waves = Measure(Pictures.Waves(200, 200, 20), FakeDetector.Face(100, 100, 35.24f));
        Assert.InRange(waves.Contrast, 25, 35);
    }

    [Fact]
    public void A_face_that_the_border_cuts_is_seen_in_part()
    {
        PixelBuffer photo = Pictures.Noise(300, 300);
        Assert.Equal(1, Measure(photo, FakeDetector.Face(150, 150, 60)).Visible);
        Assert.InRange(Measure(photo, FakeDetector.Face(150, 0, 60)).Visible, 0.4, 0.6);
        Assert.InRange(Measure(photo, FakeDetector.Face(299, 299, 60)).Visible, 0.2, 0.35);
        Assert.Equal(0, Measure(photo, FakeDetector.Face(900, 150, 60)).Visible);
    }

    [Fact]
    public void Every_refusal_says_why()
    {
        var thresholds = new QualityThresholds { MinScore = 0.5 };
        FaceQuality good = Measure(Pictures.Noise(400, 400), FakeDetector.Face(200, 200, 70));
        Assert.Null(thresholds.Refusal(good));
        Assert.Contains("16 wanted", thresholds.Refusal(good with { EyeDistance = 9 }));
        Assert.Contains("0.50 wanted", thresholds.Refusal(good with { Score = 0.4 }));
        Assert.Contains("cut off", thresholds.Refusal(good with { Visible = 0.4 }));
        Assert.Contains("turned aside by about 70°", thresholds.Refusal(good with { Yaw = -70 }));
        Assert.Contains("up or down", thresholds.Refusal(good with { Pitch = 60 }));
        Assert.Contains("tilted by about 80°", thresholds.Refusal(good with { Roll = -80 }));
        Assert.Contains("black or white in 70 %", thresholds.Refusal(good with { Clipped = 0.7 }));
        Assert.Contains("blurred", thresholds.Refusal(good with { Sharpness = 0.001 }));
        Assert.Null(QualityThresholds.None.Refusal(new FaceQuality
        {
            EyeDistance = 1, FaceHeight = 1, Sharpness = 0, Brightness = 0, Contrast = 0, Clipped = 1, Yaw = 90, Pitch = -80, Roll = 170, Score = 0, Visible = 0,
        }));
    }

    [Fact]
    public void Thresholds_without_sense_are_refused_by_name()
    {
        Assert.Contains("max-yaw is -1", Assert.Throws<UsageException>(() => new QualityThresholds { MaxYaw = -1 }.Validate()).Message);
        Assert.Contains("max-roll is 200", Assert.Throws<UsageException>(() => new QualityThresholds { MaxRoll = 200 }.Validate()).Message);
        Assert.Contains("max-clipped is NaN", Assert.Throws<UsageException>(() => new QualityThresholds { MaxClipped = double.NaN }.Validate()).Message);
        Assert.Contains("min-visible is 2", Assert.Throws<UsageException>(() => new QualityThresholds { MinVisible = 2 }.Validate()).Message);
    }

    private static FaceQuality Measure(PixelBuffer photo, DetectedFace face, AlignmentTemplate? template = null) =>
        new FaceFinder(new FakeDetector(face), template ?? AlignmentTemplate.ArcFace).Find(photo).Single().Quality;
}

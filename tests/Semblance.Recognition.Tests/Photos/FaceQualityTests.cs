using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public class FaceQualityTests
{
    private static readonly FaceLandmarks Frontal = AlignmentTemplate.ArcFace.Points;

    [Fact]
    public void A_face_on_the_template_looks_straight_ahead()
    {
        FaceQuality quality = Measure(Frontal);
        Assert.InRange(quality.Yaw, -4, 4);
        Assert.InRange(quality.Pitch, -4, 4);
        Assert.InRange(quality.Roll, -1, 1);
        Assert.Equal(35.2, quality.EyeDistance, 0.1);
    }

    [Fact]
    public void A_nose_to_the_right_is_a_head_turned_to_the_right_and_one_lower_a_head_looking_down()
    {
        Assert.True(Measure(Frontal with { Nose = Frontal.Nose + new Vector2(12, 0) }).Yaw > 30);
        Assert.True(Measure(Frontal with { Nose = Frontal.Nose - new Vector2(12, 0) }).Yaw < -30);
        Assert.True(Measure(Frontal with { Nose = Frontal.Nose + new Vector2(0, 8) }).Pitch > 20);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-75)]
    public void A_face_rotated_in_the_photo_keeps_its_pose(double degrees)
    {
        double angle = degrees * Math.PI / 180;
        var turn = new SimilarityTransform(2 * Math.Cos(angle), 2 * Math.Sin(angle), 40, 30);
        FaceQuality straight = Measure(Frontal);
        FaceQuality turned = Measure(new FaceLandmarks(
            turn.Apply(Frontal.LeftEye), turn.Apply(Frontal.RightEye), turn.Apply(Frontal.Nose), turn.Apply(Frontal.MouthLeft), turn.Apply(Frontal.MouthRight)));
        Assert.Equal(straight.Yaw, turned.Yaw, 0.1);
        Assert.Equal(straight.Pitch, turned.Pitch, 0.1);
        Assert.Equal(degrees, turned.Roll - straight.Roll, 0.1);
    }

    [Fact]
    public void A_blurred_crop_is_less_sharp_and_contrast_does_not_count()
    {
        byte[] noise = new byte[112 * 112];
        new Random(1).NextBytes(noise);
        var sharp = new PixelBuffer(112, 112, 1, noise);
        PixelBuffer blurred = ImageResizer.Resize(ImageResizer.Resize(sharp, 28, 28), 112, 112);
        var pale = new PixelBuffer(112, 112, 1, [.. noise.Select(v => (byte)(100 + (v / 4)))]);
        double Sharpness(PixelBuffer crop) => Measure(Frontal, crop).Sharpness;
        Assert.True(Sharpness(blurred) < Sharpness(sharp) / 10);
        Assert.Equal(1, Sharpness(pale) / Sharpness(sharp), 0.05);
        Assert.Equal(0, Sharpness(new PixelBuffer(112, 112, 1, new byte[112 * 112])));
    }

    [Fact]
    public void A_face_half_outside_the_photo_is_half_visible() =>
        Assert.Equal(0.5, Measure(Frontal, box: new FaceBox(-50, 0, 50, 100)).Visible, 6);

    private static FaceQuality Measure(FaceLandmarks landmarks, PixelBuffer? crop = null, FaceBox? box = null)
    {
        crop ??= new PixelBuffer(112, 112, 1, new byte[112 * 112]);
        return FaceQuality.Of(new DetectedFace(box ?? new FaceBox(0, 0, 100, 100), 1, landmarks), landmarks, crop, new PixelBuffer(200, 200, 1, new byte[200 * 200]));
    }
}

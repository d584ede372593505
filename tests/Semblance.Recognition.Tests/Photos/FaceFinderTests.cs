using CsCheck;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public sealed class FaceFinderTests
{
    [Fact]
    public void The_main_face_is_the_large_one_off_the_border_and_not_one_of_the_background()
    {
        PixelBuffer photo = Pictures.Flat(900, 600, 100);
        Assert.Equal(300, MainOf(photo, FakeDetector.Face(450, 300, 20), FakeDetector.Face(300, 300, 70)).Box.Left + 70, 1);
        Assert.Equal(450, MainOf(photo, FakeDetector.Face(450, 300, 70), FakeDetector.Face(880, 580, 80)).Box.Left + 70, 1);
    }

    [Fact]
    public void The_order_of_detection_decides_nothing() => Gen.Select(Gen.Int[2, 6], Gen.UInt).Sample((count, seed) =>
    {
        var random = new Random((int)seed);
        DetectedFace[] faces = [.. Enumerable.Range(0, count).Select(_ => FakeDetector.Face(random.Next(100, 500), random.Next(100, 300), random.Next(10, 60)))];
        PixelBuffer photo = Pictures.Flat(600, 400, 100, channels: 1);
        FoundFace main = MainOf(photo, faces);
        Assert.Equal(main.Box, MainOf(photo, [.. faces.Reverse()]).Box);
        IReadOnlyList<FoundFace> all = new FaceFinder(new FakeDetector(faces), AlignmentTemplate.ArcFace).Find(photo);
        Assert.Equal(main.Box, all[0].Box);
        Assert.Equal(all.OrderByDescending(face => FaceFinder.Weight(face.Box, photo)).Select(face => face.Box), all.Select(face => face.Box));
    });

    [Fact]
    public void Crops_have_the_templates_size_and_the_photos_channels()
    {
        foreach (int channels in new[] { 1, 3 })
        {
            FoundFace face = new FaceFinder(new FakeDetector(FakeDetector.Face(100, 100, 40)), AlignmentTemplate.SphereFace).FindMain(Pictures.Noise(200, 200, channels))!;
            Assert.Equal((96, 112, channels), (face.Crop.Width, face.Crop.Height, face.Crop.Channels));
        }
    }

    [Fact]
    public void A_face_whose_points_coincide_is_none_and_the_next_one_is_main()
    {
        DetectedFace broken = FakeDetector.Face(300, 200, 90) with { Landmarks = new FaceLandmarks(new(5, 5), new(5, 5), new(5, 5), new(5, 5), new(5, 5)) };
        Assert.Equal(80, MainOf(Pictures.Flat(600, 400, 9), broken, FakeDetector.Face(100, 100, 20)).Box.Left);
        Assert.Null(new FaceFinder(new FakeDetector(broken), AlignmentTemplate.ArcFace).FindMain(Pictures.Flat(600, 400, 9)));
    }

    [Fact]
    public void Without_landmarks_the_message_names_what_is_missing()
    {
        var finder = new FaceFinder(new FakeDetector(FakeDetector.Face(50, 50, 20) with { Landmarks = null }), AlignmentTemplate.ArcFace);
        Assert.Contains("landmark model", Assert.Throws<SemblanceException>(() => finder.FindMain(Pictures.Flat(100, 100, 9))).Message);
    }

    [Fact]
    public void The_cropper_hands_out_the_main_face_or_says_why_not()
    {
        PixelBuffer photo = Pictures.Noise(400, 300);
        DetectedFace good = FakeDetector.Face(200, 150, 60);
        Assert.Equal(MainOf(photo, good).Crop.Data, Cropper(good).Crop(photo, "a.jpg").Data);
        Refuses(Cropper(), "no face found");
        Refuses(Cropper(FakeDetector.Face(200, 150, 8)), "too small");

        void Refuses(FaceCropper cropper, string why)
        {
            UnreadableImageException e = Assert.Throws<UnreadableImageException>(() => cropper.Crop(photo, "a.jpg"));
            Assert.True(e.HasNoFace);
            Assert.Equal("a.jpg", e.Path);
            Assert.Contains(why, e.Reason);
        }
    }

    [Fact]
    public void Two_faces_of_equal_weight_are_refused_only_where_that_was_asked_for()
    {
        PixelBuffer photo = Pictures.Noise(600, 300);
        DetectedFace[] two = [FakeDetector.Face(200, 150, 50), FakeDetector.Face(400, 150, 50)];
        Assert.NotNull(Cropper(two).Crop(photo, "a.jpg"));
        UnreadableImageException e = Assert.Throws<UnreadableImageException>(() => Cropper(SeveralFaces.RefuseWhereUnclear, two).Crop(photo, "a.jpg"));
        Assert.Contains("2 faces", e.Reason);
        Assert.NotNull(Cropper(SeveralFaces.RefuseWhereUnclear, FakeDetector.Face(300, 150, 60), FakeDetector.Face(50, 50, 15)).Crop(photo, "a.jpg"));
    }

    [Fact]
    public void An_image_of_a_crops_size_is_a_crop_unless_photographs_are_meant()
    {
        PixelBuffer crop = Pictures.Noise(112, 112);
        var detector = new FakeDetector();
        using var cropper = new FaceCropper(new FaceFinder(detector, AlignmentTemplate.ArcFace), new QualityThresholds());
        Assert.Same(crop, cropper.Crop(crop, "a.jpg"));
        Assert.Equal(0, detector.Calls);
        using var photos = new FaceCropper(new FaceFinder(detector, AlignmentTemplate.ArcFace), new QualityThresholds(), takesCrops: false);
        Assert.Throws<UnreadableImageException>(() => photos.Crop(crop, "a.jpg"));
    }

    [Fact]
    public void One_pixel_is_a_photo_like_any_other()
    {
        Assert.Null(new FaceFinder(new FakeDetector(), AlignmentTemplate.ArcFace).FindMain(Pictures.Flat(1, 1, 9)));
        Assert.NotNull(new FaceFinder(new FakeDetector(FakeDetector.Face(0, 0, 1)), AlignmentTemplate.ArcFace).FindMain(Pictures.Flat(1, 1, 9)));
    }

    [Fact]
    public void Closing_closes_the_detector()
    {
        var detector = new FakeDetector();
        new FaceCropper(new FaceFinder(detector, AlignmentTemplate.ArcFace), new QualityThresholds()).Dispose();
        Assert.True(detector.IsDisposed);
    }

    private static FoundFace MainOf(PixelBuffer photo, params DetectedFace[] faces) => new FaceFinder(new FakeDetector(faces), AlignmentTemplate.ArcFace).FindMain(photo)!;

    private static FaceCropper Cropper(params DetectedFace[] faces) => Cropper(SeveralFaces.TakeMain, faces);

    private static FaceCropper Cropper(SeveralFaces several, params DetectedFace[] faces) =>
        new(new FaceFinder(new FakeDetector(faces), AlignmentTemplate.ArcFace), new QualityThresholds(), several);
}

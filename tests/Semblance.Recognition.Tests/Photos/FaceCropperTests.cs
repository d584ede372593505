using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public class FaceCropperTests
{
    [Fact]
    public void The_main_face_is_the_large_one_near_the_centre()
    {
        using var finder = new FaceFinder(new PaintedFaces(), AlignmentTemplate.ArcFace);
        PixelBuffer photo = PaintedFaces.Photo(400, 300, (0, 0, 110), (150, 100, 100), (300, 250, 30));
        IReadOnlyList<FoundFace> faces = finder.Find(photo);
        Assert.Equal([150f, 0f, 300f], faces.Select(face => face.Box.Left));
        Assert.All(faces, face => Assert.Equal((112, 112), (face.Crop.Width, face.Crop.Height)));
    }

    [Fact]
    public void Photos_without_a_face_and_with_an_unclear_one_say_so()
    {
        using FaceCropper cropper = Cropper(SeveralFaces.RefuseWhereUnclear);
        var e = Assert.Throws<UnreadableImageException>(() => cropper.Crop(PaintedFaces.Photo(300, 300), "empty.jpg"));
        Assert.Equal(("no face found in it", true), (e.Reason, e.HasNoFace));
        e = Assert.Throws<UnreadableImageException>(() => cropper.Crop(PaintedFaces.Photo(300, 200, (40, 50, 100), (160, 50, 100)), "two.jpg"));
        Assert.Contains("2 faces and it is unclear whose photo it is", e.Reason, StringComparison.Ordinal);
        Assert.Equal(112, cropper.Crop(PaintedFaces.Photo(300, 200, (100, 50, 100), (250, 150, 40)), "one.jpg").Width);
        Assert.Equal(112, Cropper(SeveralFaces.TakeMain).Crop(PaintedFaces.Photo(300, 200, (40, 50, 100), (160, 50, 100)), "two.jpg").Width);
    }

    [Fact]
    public void A_tiny_face_is_refused_with_its_size()
    {
        using FaceCropper cropper = Cropper(SeveralFaces.TakeMain);
        var e = Assert.Throws<UnreadableImageException>(() => cropper.Crop(PaintedFaces.Photo(300, 300, (100, 100, 40)), "tiny.jpg"));
        Assert.Equal("its face is too small: 12.6 pixels between the eyes, 16 wanted", e.Reason);
    }

    [Fact]
    public void An_image_of_a_crops_size_is_taken_as_it_is_unless_it_must_be_a_photo()
    {
        PixelBuffer crop = PaintedFaces.Photo(112, 112);
        using (FaceCropper cropper = Cropper(SeveralFaces.TakeMain))
        {
            Assert.Same(crop, cropper.Crop(crop, "crop.jpg"));
            Assert.Null(cropper.FindAll(crop));
        }

        using var photosOnly = new FaceCropper(new FaceFinder(new PaintedFaces(), AlignmentTemplate.ArcFace), new QualityThresholds(), takesCrops: false);
        Assert.Throws<UnreadableImageException>(() => photosOnly.Crop(crop, "crop.jpg"));
    }

    [Fact]
    public void Thresholds_out_of_range_are_refused()
    {
        using var finder = new FaceFinder(new PaintedFaces(), AlignmentTemplate.ArcFace);
        var e = Assert.Throws<UsageException>(() => new FaceCropper(finder, new QualityThresholds { MaxYaw = 200 }));
        Assert.Equal("max-yaw is 200; expected degrees from 0 to 180.", e.Message);
    }

    private static FaceCropper Cropper(SeveralFaces several) =>
        new(new FaceFinder(new PaintedFaces(), AlignmentTemplate.ArcFace), new QualityThresholds(), several);
}

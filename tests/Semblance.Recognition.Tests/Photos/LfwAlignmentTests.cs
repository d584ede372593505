using System.IO.Compression;
using Semblance.Imaging;

namespace Semblance.Recognition.Tests.Photos;

/// <summary>The aligned crops of LFW that others made with OpenCV are the yardstick.</summary>
public sealed class LfwAlignmentTests
{
    [Fact]
    public void The_crops_are_those_that_OpenCVs_warp_made_of_the_same_landmarks()
    {
        List<(string Path, FaceLandmarks Landmarks)> faces = RealPhotos.Landmarks(every: 20);
        using ZipArchive photos = RealPhotos.Open("lfw.zip");
        using ZipArchive crops = RealPhotos.Open("lfw-112.zip");
        var differences = new List<double>();
        var shifted = new List<double>();
        foreach ((string path, FaceLandmarks landmarks) in faces)
        {
            AlignmentTemplate template = AlignmentTemplate.ArcFace;
            PixelBuffer photo = RealPhotos.Decode(photos, $"lfw/{path}"), expected = RealPhotos.Decode(crops, $"lfw-112/{path}");
            SimilarityTransform transform = template.TransformFor(landmarks)!.Value;
            PixelBuffer crop = FaceWarp.Crop(photo, transform, template.Width, template.Height);
            Assert.Equal(1, crop.Channels);
            differences.Add(Difference(crop, expected));
            shifted.Add(Difference(FaceWarp.Crop(photo, transform with { ShiftX = transform.ShiftX + 0.5 }, template.Width, template.Height), expected));
        }

        // Grey levels of 255. The yardstick went through JPEG, whose rounding is what is left (seen: 0.71 in the mean, 1.06 at most);
        // half a pixel, the difference between pixels' centres and corners, would stand out (seen: 3.16 in the mean).
        Assert.True(differences.Average() < 0.8 && differences.Max() < 1.3, $"mean {differences.Average():F3}, largest {differences.Max():F3}");
        Assert.True(shifted.Average() > 2 * differences.Average(), $"shifted by half a pixel {shifted.Average():F3}");
        static double Difference(PixelBuffer a, PixelBuffer b) => a.Data.Zip(b.Data, (x, y) => Math.Abs(x - y)).Average();
    }
}

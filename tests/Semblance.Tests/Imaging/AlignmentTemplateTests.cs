using System.Numerics;
using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public class AlignmentTemplateTests
{
    [Fact]
    public void A_face_on_the_template_stays_where_it_is()
    {
        SimilarityTransform transform = AlignmentTemplate.ArcFace.TransformFor(AlignmentTemplate.ArcFace.Points)!.Value;
        Assert.Equal((1.0, 0.0), (Math.Round(transform.A, 6), Math.Round(transform.B, 6)));
    }

    [Fact]
    public void A_face_whose_mouth_corners_are_unknown_is_aligned_by_four_points()
    {
        FaceLandmarks points = AlignmentTemplate.ArcFace.Points;
        var four = FaceLandmarks.WithMouthCentre(points.LeftEye * 2, points.RightEye * 2, points.Nose * 2, points.MouthCentre * 2);
        Assert.Equal(0.5, AlignmentTemplate.ArcFace.TransformFor(four)!.Value.Scale, 5);
    }

    [Fact]
    public void A_scaled_template_shows_the_same_part_of_the_face()
    {
        AlignmentTemplate large = AlignmentTemplate.Parse("arcface-224", "model");
        Assert.Equal((224, 224), (large.Width, large.Height));
        // The middle of pixel 38.29 of 112 is at 38.79 from the edge, in 224 at 77.59: the centre of pixel 77.09.
        Assert.Equal(((38.2946f + 0.5f) * 2) - 0.5f, large.Points.LeftEye.X, 3);
        Assert.Equal(AlignmentTemplate.ArcFace.Points, AlignmentTemplate.Parse("arcface-112", "model").Points);
    }

    [Fact]
    public void Points_in_the_name_are_the_template()
    {
        AlignmentTemplate template = AlignmentTemplate.Parse("points:80x100:20,30,60,30,40,50,25,70,55,70.5", "model");
        Assert.Equal((80, 100, new Vector2(55, 70.5f)), (template.Width, template.Height, template.Points.MouthRight));
    }

    [Theory]
    [InlineData("none", "takes crops as they are")]
    [InlineData("arcfaec", "is unknown")]
    [InlineData("arcface-8", "is unknown")]
    [InlineData("points:80x100:1,2,3", "3 numbers")]
    [InlineData("points:80:1,2,3,4,5,6,7,8,9,10", "WIDTHxHEIGHT")]
    [InlineData("points:80x100:1,2,3,4,5,six,7,8,9,10", "'six' is no number")]
    [InlineData("points:80x100:1,1,1,1,1,1,1,1,1,1", "coincide")]
    public void Other_names_are_refused_with_what_is_wrong(string name, string reason)
    {
        var e = Assert.Throws<SemblanceException>(() => AlignmentTemplate.Parse(name, "model.onnx"));
        Assert.StartsWith("model.onnx: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }
}

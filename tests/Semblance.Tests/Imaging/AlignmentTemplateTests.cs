using System.Numerics;
using CsCheck;
using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public sealed class AlignmentTemplateTests
{
    private const string Spelt = "custom:112x112:38.2946,51.6963;73.5318,51.5014;56.0252,71.7366;41.5493,92.3655;70.7299,92.2041";

    [Fact]
    public void TheArcFaceTemplateHasThePublishedPoints()
    {
        AlignmentTemplate template = AlignmentTemplate.Parse(new PreprocessingContract().AlignmentTemplate);
        Assert.Equal((112, 112), (template.Width, template.Height));
        Assert.Equal(
            [new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f)],
            template.Points.ToPoints());
    }

    [Fact]
    public void SphereFacesTemplateIsTheSameFaceInANarrowerCrop()
    {
        AlignmentTemplate narrow = AlignmentTemplate.Parse("sphereface-96x112");
        Assert.Equal((96, 112), (narrow.Width, narrow.Height));
        Assert.All(narrow.Points.ToPoints().Zip(AlignmentTemplate.ArcFace.Points.ToPoints()), p => Assert.True(Vector2.Distance(p.First + new Vector2(8, 0), p.Second) < 1e-4));
    }

    [Theory]
    [InlineData("arcface-128", 128)]
    [InlineData("arcface-160", 160)]
    [InlineData("arcface-224", 224)]
    [InlineData("arcface-56", 56)]
    public void AScaledTemplateShowsTheSamePartOfTheFace(string name, int side)
    {
        AlignmentTemplate template = AlignmentTemplate.Parse(name);
        Assert.Equal((name, side, side), (template.Name, template.Width, template.Height));
        Assert.All(
            template.Points.ToPoints().Zip(AlignmentTemplate.ArcFace.Points.ToPoints()),
            p => Assert.True(Vector2.Distance((p.First + new Vector2(0.5f)) / side, (p.Second + new Vector2(0.5f)) / 112) < 1e-6));
        Assert.Equal(name, AlignmentTemplate.ArcFace.ScaledBy(side / 112.0).Name);
    }

    [Theory]
    [InlineData("arcface-112")]
    [InlineData("arcface-160")]
    [InlineData("sphereface-96x112")]
    [InlineData(Spelt)]
    public void AllFivePointsAndFourWithTheMouthsCentreComeHome(string name)
    {
        AlignmentTemplate template = AlignmentTemplate.Parse(name);
        var toPhoto = new SimilarityTransform(1.7, 0.4, 200, 100);
        Vector2[] p = [.. template.Points.ToPoints().Select(toPhoto.Apply)];
        foreach (FaceLandmarks face in new[] { new FaceLandmarks(p[0], p[1], p[2], p[3], p[4]), FaceLandmarks.WithMouthCentre(p[0], p[1], p[2], (p[3] + p[4]) / 2) })
        {
            Assert.True(template.TryAlign(face, out SimilarityTransform transform));
            Assert.Equal(transform, template.Align(face));
            Assert.True(Vector2.Distance(transform.Apply(p[0]), template.Points.LeftEye) < 1e-3);
            Assert.True(Vector2.Distance(transform.Apply(p[4]), template.Points.MouthRight) < 1e-3);
        }
    }

    [Fact]
    public void ACustomTemplateIsReadBackFromItsName() => Gen.Select(Gen.Int[16, 1024], Gen.Int[16, 1024], Gen.Float[0.05f, 0.45f].Array[5], Gen.Float[0.55f, 0.95f].Array[5]).Sample((w, h, low, high) =>
    {
        Vector2 size = new(w - 1, h - 1);
        var points = new FaceLandmarks(
            size * new Vector2(low[0], low[1]), size * new Vector2(high[0], low[2]), size * new Vector2(low[3], high[1]), size * new Vector2(low[4], high[2]), size * new Vector2(high[3], high[4]));
        if (points.RightEye.X - points.LeftEye.X < 2 || points.MouthCentre.Y - ((points.LeftEye + points.RightEye) / 2).Y < 2)
        {
            return;
        }

        AlignmentTemplate template = AlignmentTemplate.Custom(w, h, points);
        AlignmentTemplate read = AlignmentTemplate.Parse(template.Name);
        Assert.Equal((template.Name, w, h, points), (read.Name, read.Width, read.Height, read.Points));
    });

    [Theory]
    [InlineData("", "unknown")]
    [InlineData("arcfacе", "unknown")]
    [InlineData("arcface_112", "did you mean 'arcface-112'?")]
    [InlineData("ArcFace-112", "did you mean 'arcface-112'?")]
    [InlineData("arcface-0112", "unknown")]
    [InlineData("arcface-8", "expected 16 to 1024")]
    [InlineData("arcface-99999999999", "unknown")]
    [InlineData("arcface-5000", "expected 16 to 1024")]
    [InlineData("none", "no photographs")]
    [InlineData("custom:", "written wrongly")]
    [InlineData("custom:112x112:1,2;3,4", "written wrongly")]
    [InlineData("custom:112:38,51;73,51;56,71;41,92;70,92", "written wrongly")]
    [InlineData("custom:112x112:38,51;73,51;56,71;41,92;70,92;1,1", "written wrongly")]
    [InlineData("custom:112x112:38,51;73,51;56,71;41,92;70", "point 5 is '70'")]
    [InlineData("custom:112x112:38,51;73,51; 56,71;41,92;70,92", "point 3")]
    [InlineData("custom:112x112:38,51;73,51;56,NaN;41,92;70,92", "point 3")]
    [InlineData("custom:112x112:38,51;73,51;56,71;41,92;70,92\n", "written wrongly")]
    [InlineData("custom:112x112:38,51;73,51;56,71;41,92;70,112", "outside")]
    [InlineData("custom:9x9:3,3;6,3;5,5;3,7;6,7", "expected sides")]
    [InlineData("custom:999999x112:38,51;73,51;56,71;41,92;70,92", "expected sides")]
    [InlineData("custom:112x112:73,51;38,51;56,71;41,92;70,92", "left eye")]
    [InlineData("custom:112x112:38,92;73,92;56,71;41,51;70,51", "above the mouth")]
    public void WhatIsNoTemplateIsRefusedInOneLine(string text, string part)
    {
        string message = Assert.Throws<UsageException>(() => AlignmentTemplate.Parse(text)).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASizeThatDoesNotComeOutWholeIsRefused()
    {
        Assert.Throws<UsageException>(() => AlignmentTemplate.SphereFace.ScaledBy(1.01));
        Assert.Throws<UsageException>(() => AlignmentTemplate.ArcFace.ScaledBy(100));
        AlignmentTemplate twice = AlignmentTemplate.SphereFace.ScaledBy(2);
        Assert.Equal((192, 224), (twice.Width, twice.Height));
        Assert.Equal(twice.Points, AlignmentTemplate.Parse(twice.Name).Points);
    }

    [Fact]
    public void AFaceWhosePointsCoincideHasNoAlignment()
    {
        var same = new FaceLandmarks(new(5, 5), new(5, 5), new(5, 5), new(5, 5), new(5, 5));
        Assert.False(AlignmentTemplate.ArcFace.TryAlign(same, out _));
        Assert.Throws<SemblanceException>(() => AlignmentTemplate.ArcFace.Align(same));
    }
}

using System.Text.Json;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public sealed class PhotoAlignerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PaintedFaces _detector = new();

    private string In => Path.Combine(_folder.Path, "in");

    private string Out => Path.Combine(_folder.Path, "out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folders_stay_and_every_crop_has_a_sidecar()
    {
        Write("a/b/one.png", (50, 50, 100));
        Write("two.png", (50, 50, 100), (180, 180, 60));
        AlignmentReport report = Align();
        Assert.Equal((2, 2, 2, 0), (report.Photos, report.Aligned, report.Crops, report.DoneBefore));
        using JsonDocument sidecar = JsonDocument.Parse(File.ReadAllText(Path.Combine(Out, "two.json")));
        Assert.Equal("two.png", sidecar.RootElement.GetProperty("source").GetString());
        Assert.Equal(2, sidecar.RootElement.GetProperty("faces_found").GetInt32());
        Assert.Equal(5, sidecar.RootElement.GetProperty("faces")[0].GetProperty("landmarks").GetArrayLength());
        PixelBuffer crop = ImageDecoder.DecodeFile(Path.Combine(Out, "a", "b", "one.jpg"));
        Assert.Equal((112, 112), (crop.Width, crop.Height));
    }

    [Fact]
    public void All_faces_have_numbers()
    {
        Write("two.png", (50, 50, 100), (180, 180, 60));
        Assert.Equal(2, Align(allFaces: true).Crops);
        Assert.True(File.Exists(Path.Combine(Out, "two.0.jpg")) && File.Exists(Path.Combine(Out, "two.1.jpg")));
    }

    [Fact]
    public void What_is_done_is_not_done_again_unless_the_photo_or_the_settings_changed()
    {
        Write("one.png", (50, 50, 100));
        Write("two.png", (50, 50, 100));
        Align();
        int calls = _detector.Calls;
        Assert.Equal(2, Align().DoneBefore);
        Assert.Equal(calls, _detector.Calls);
        Write("two.png", (60, 60, 90));
        Assert.Equal(1, Align().DoneBefore);
        File.Delete(Path.Combine(Out, "one.jpg"));
        File.WriteAllText(Path.Combine(Out, "two.json"), "{ cut short");
        Assert.Equal(0, Align().DoneBefore);
        Assert.Equal(0, Align(allFaces: true).DoneBefore);
    }

    [Fact]
    public void Photos_that_give_no_crop_are_reported_with_the_reason()
    {
        Write("none.png");
        Write("tiny.png", (50, 50, 30));
        File.WriteAllText(Path.Combine(In, "broken.jpg"), "no image");
        AlignmentReport report = Align();
        Assert.Equal(["none.png"], report.WithoutFace);
        Assert.Equal("tiny.png", Assert.Single(report.Refused).Path);
        Assert.Equal("broken.jpg", Assert.Single(report.Unreadable).Path);
        Assert.Equal(0, report.Crops);
        Assert.Contains("\"without_face\"", File.ReadAllText(Path.Combine(Out, AlignmentReport.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public void Photos_that_differ_in_their_extension_only_do_not_overwrite_each_other()
    {
        Write("one.png", (50, 50, 100));
        File.Copy(Path.Combine(In, "one.png"), Path.Combine(In, "one.bmp"));
        Assert.Equal(2, Align().Crops);
        Assert.True(File.Exists(Path.Combine(Out, "one.png.jpg")) && File.Exists(Path.Combine(Out, "one.bmp.jpg")));
    }

    [Fact]
    public void An_output_within_the_photographs_is_refused()
    {
        Write("one.png", (50, 50, 100));
        using PhotoCollection photos = PhotoCollection.Open(In);
        using var finder = new FaceFinder(_detector, AlignmentTemplate.ArcFace);
        Assert.Throws<UsageException>(() => new PhotoAligner(finder, new QualityThresholds()).Align(photos, Path.Combine(In, "out")));
    }

    [Fact]
    public void A_cancelled_run_leaves_what_it_wrote()
    {
        Write("one.png", (50, 50, 100));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Align(stop: stop.Token));
        Assert.Equal(1, Align().Crops);
    }

    private AlignmentReport Align(bool allFaces = false, CancellationToken stop = default)
    {
        using PhotoCollection photos = PhotoCollection.Open(In);
        using var finder = new FaceFinder(_detector, AlignmentTemplate.ArcFace);
        return new PhotoAligner(finder, new QualityThresholds(), allFaces).Align(photos, Out, cancellationToken: stop);
    }

    private void Write(string name, params (int X, int Y, int Side)[] faces)
    {
        string file = Path.Combine(In, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, ImageEncoder.Png(PaintedFaces.Photo(300, 300, faces)));
    }
}

using System.Xml.Linq;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public sealed class PhotoInspectorTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_face_is_told_with_the_reason_why_it_is_refused()
    {
        PhotoInspector inspector = Inspector(FakeDetector.Face(120, 100, 40), FakeDetector.Face(260, 60, 10));
        DetectedPhoto found = Assert.Single(inspector.Inspect([Photo("two.png", 320, 200)]));
        Assert.Equal((320, 200, null, null), (found.Width, found.Height, found.Drawing, found.Error));
        Assert.Equal(2, found.Faces.Count);
        Assert.Null(found.Faces[0].Refused);
        Assert.Equal("its face is too small: 10 pixels between the eyes, 16 wanted", found.Faces[1].Refused);
    }

    [Fact]
    public void A_drawing_shows_boxes_points_and_crops_where_they_are()
    {
        PhotoInspector inspector = Inspector(FakeDetector.Face(120, 100, 40, turn: 0.3f), FakeDetector.Face(260, 60, 10));
        string drawing = inspector.Inspect([Photo("two.png", 320, 200)], _folder.File("drawn"))[0].Drawing!;
        Assert.Equal(_folder.File("drawn/two.svg"), drawing);
        XElement svg = XDocument.Load(drawing).Root!;
        Assert.Equal(Svg + "svg", svg.Name);

        // The photo and two crops, each within the file.
        Assert.Equal(3, svg.Elements(Svg + "image").Count(image => image.Attribute("href")!.Value.StartsWith("data:image/jpeg;base64,", StringComparison.Ordinal)));
        XElement[] boxes = [.. svg.Elements(Svg + "rect").Where(rect => rect.Attribute("fill")!.Value == "none")];
        Assert.Equal(["none", "6 4"], boxes.Select(box => box.Attribute("stroke-dasharray")!.Value));

        // A photo of 320×200 is shown twice as large, 16 from the corner.
        Assert.Equal(("176", "160"), (boxes[0].Attribute("x")!.Value, boxes[0].Attribute("width")!.Value));
        Assert.Equal(20, svg.Elements(Svg + "circle").Count());
        Assert.Equal(20, svg.Elements(Svg + "line").Count());
        string text = string.Join(' ', svg.Elements(Svg + "text").Select(t => t.Value));
        Assert.Contains("1: score 0.90", text);
        Assert.Contains("refused: its face is too small: 10", text);
        Assert.Contains("turned by -17.2°", text);
    }

    [Fact]
    public void A_photo_without_faces_and_one_that_is_none_have_their_places()
    {
        File.WriteAllText(_folder.File("text.jpg"), "This is no photo.");
        IReadOnlyList<DetectedPhoto> found = Inspector().Inspect([_folder.File("text.jpg"), Photo("empty.png", 30, 40)], _folder.File("drawn"));
        Assert.NotNull(found[0].Error);
        Assert.Null(found[0].Drawing);
        Assert.Empty(found[1].Faces);
        Assert.Contains("no face found", File.ReadAllText(found[1].Drawing!));
        Assert.Single(Directory.GetFiles(_folder.File("drawn")));
    }

    [Fact]
    public void Two_photos_of_one_name_are_not_drawn_over_each_other() => Assert.Contains(
        "would both be drawn as a.svg",
        Assert.Throws<UsageException>(() => Inspector().Inspect([Photo("x/a.png", 30, 30), Photo("y/A.png", 30, 30)], _folder.File("drawn"))).Message,
        StringComparison.OrdinalIgnoreCase);

    private static PhotoInspector Inspector(params Semblance.Recognition.Detection.DetectedFace[] faces) =>
        new(new FaceFinder(new FakeDetector(faces), AlignmentTemplate.ArcFace), new QualityThresholds());

    private string Photo(string name, int width, int height)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ImageEncoder.Png(Pictures.Noise(width, height)));
        return path;
    }
}

using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Clustering;
using Semblance.Recognition.Models;
using Semblance.Recognition.Photos;
using Semblance.Recognition.Tests.Photos;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class FaceCollectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OnnxFaceEmbedder _model;

    public FaceCollectorTests() => _model = OnnxFaceEmbedder.Open(new TinyModel().Write(_folder));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_face_of_a_photo_is_an_item_and_what_is_no_use_is_told()
    {
        // By width: 300 has three faces, of which the second is hardly one; 200 has none; 100 has one, too small.
        var detector = new FakeDetector(photo => photo.Width switch
        {
            300 => [FakeDetector.Face(150, 100, 60), FakeDetector.Face(60, 100, 50, score: 0.2f), FakeDetector.Face(240, 120, 40)],
            100 => [FakeDetector.Face(50, 50, 5)],
            _ => [],
        });
        Write("a/group.png", 300);
        Write("b/c/small.png", 100);
        Write("none.png", 200);
        File.WriteAllText(Path.Combine(_folder.File("photos"), "text.jpg"), "no picture");
        using FaceCropper cropper = Cropper(detector);
        var crops = new List<(int Face, int Width)>();

        CollectedFaces found = Collect(cropper, crop: (face, crop) => crops.Add((face, crop.Width)));

        Assert.Equal([("a/group.png", 1), ("a/group.png", 3)], found.Faces.Select(face => (face.Photo, face.Number)));
        Assert.Equal(new FaceBox(90, 16, 210, 184), found.Faces[0].Box!.Value);
        Assert.Equal([(0, 112), (1, 112)], crops);
        Assert.Equal(2, found.RefusedFaces);
        Assert.Equal(["none.png"], found.WithoutFace);
        Assert.Equal("b/c/small.png", Assert.Single(found.Refused).Path);
        Assert.Contains("too small", found.Refused[0].Reason, StringComparison.Ordinal);
        Assert.Equal("text.jpg", Assert.Single(found.Unreadable).Path);
        Assert.Equal([1], Collect(cropper, mainOnly: true).Faces.Select(face => face.Number));
    }

    [Fact]
    public void Crops_are_embedded_as_they_are_in_the_order_of_their_names()
    {
        FaceFolder.Write(_folder, 3, 4, name: "photos");

        CollectedFaces found = Collect(null);
        int[] groups = new AverageLink().Cluster(new FaceVectors([.. found.Faces.Select(face => face.Embedding)]), 0.9f);

        Assert.Equal(12, found.Faces.Count);
        Assert.All(found.Faces, face => Assert.Null(face.Box));
        Assert.Equal(found.Faces.Select(face => face.Photo).Order(StringComparer.Ordinal), found.Faces.Select(face => face.Photo));
        Assert.Equal([0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8], SomePeople.Canonical(groups));
    }

    [Fact]
    public void Copies_go_to_each_person_of_a_photo_and_keep_their_bytes()
    {
        Write("x/1.png", 30, seed: 1);
        Write("y/1.png", 30, seed: 2);
        Write("z.png", 30, seed: 3);
        using PhotoCollection photos = PhotoCollection.Open(_folder.File("photos"));
        (string Photo, int Number)[] found = [("x/1.png", 1), ("x/1.png", 2), ("y/1.png", 1), ("y/1.png", 2), ("z.png", 1)];
        CollectedFace[] faces = [.. found.Select(face => new CollectedFace(face.Photo, face.Number, null, [1, 0]))];
        FaceGroups groups = FaceGroups.Of(new FaceVectors([.. faces.Select(face => face.Embedding)]), [0, 1, 0, 1, 2], 2);

        int copies = PersonFolders.Copy(photos, faces, groups, _folder.File("copies"));

        Assert.Equal(5, copies);
        string[] files = [.. Directory.EnumerateFiles(_folder.File("copies"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder.File("copies"), f).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(["alone/z.png", "person-0001/1-2.png", "person-0001/1.png", "person-0002/1-2.png", "person-0002/1.png"], files);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.File("photos"), "y/1.png")), File.ReadAllBytes(Path.Combine(_folder.File("copies"), "person-0002/1-2.png")));
    }

    [Fact]
    public void The_table_quotes_what_needs_it()
    {
        CollectedFace[] faces = [new("a, b/\"c\".jpg", 1, new FaceBox(1.5f, 2, 30, 40), [1, 0]), new("d.jpg", 2, null, [1, 0.1f])];
        FaceGroups groups = FaceGroups.Of(new FaceVectors([.. faces.Select(face => face.Embedding)]), [4, 4], 2);

        string[] lines = GroupTable.Of(faces, groups, face => face == 0 ? "Ann, B." : null, FacePictures.NameOf).Split("\r\n");

        Assert.Equal(GroupTable.Heading, lines[0]);
        Assert.Equal("\"a, b/\"\"c\"\".jpg\",1,1.5,2,30,40,1,1,1.0000,\"Ann, B.\",faces/000/000000.jpg", lines[1]);
        Assert.Equal("d.jpg,2,,,,,1,0,0.9950,,faces/000/000001.jpg", lines[2]);
    }

    private static FaceCropper Cropper(FakeDetector detector) =>
        new(new FaceFinder(detector, AlignmentTemplate.ArcFace), QualityThresholds.None with { MinEyeDistance = 16, MinScore = 0.5 });

    private CollectedFaces Collect(FaceCropper? cropper, bool mainOnly = false, Action<int, PixelBuffer>? crop = null)
    {
        using PhotoCollection photos = PhotoCollection.Open(_folder.File("photos"));
        return new FaceCollector(_model, cropper, mainOnly).Collect(photos, crop);
    }

    private void Write(string name, int width, int seed = 1)
    {
        string path = Path.Combine(_folder.File("photos"), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ImageEncoder.Png(Pictures.Noise(width, 200, seed: seed)));
    }
}

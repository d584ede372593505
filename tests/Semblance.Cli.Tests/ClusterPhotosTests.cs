using System.IO.Compression;
using System.Text.Json;
using SkiaSharp;

namespace Semblance.Cli.Tests;

/// <summary>
/// <c>cluster</c> on photographs with published models: several faces in a picture, turned by EXIF, with transparency. Models from the folder
/// that SEMBLANCE_TEST_MODELS names, portraits from the shared folder beside the repository; skipped where either is absent.
/// </summary>
public sealed class ClusterPhotosTests : IDisposable
{
    private static readonly string[] People = ["Adrien_Brody", "Al_Sharpton", "Ana_Palacio", "Ali_Naimi"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PeopleOfAGroupPhotoGoEachToTheirOwn()
    {
        (string Name, string Value)[] environment = [("SEMBLANCE_MODELS", Models())];
        WritePhotos(Portraits());

        JsonElement report = ToolProcess.Run(["cluster", _folder["photos"], "--model", "tested", "--out", _folder["out"], "--json"], environment).Json();

        // The plain photos of a person are in one group, no two people in the same.
        string[][] rows = [.. File.ReadAllLines(_folder["out", "clusters.csv"]).Skip(1).Select(line => line.Split(','))];
        string[] groups = [.. People.Select(person => Assert.Single(rows.Where(row => row[0].StartsWith($"{person}_", StringComparison.Ordinal) && row[1] == "1").Select(row => row[6]).Distinct()))];
        Assert.Equal(4, groups.Distinct().Except(["0"]).Count());

        // A bystander looks over a shoulder in the group photo, and goes with nobody.
        Assert.Equal(["0", .. groups.Order()], rows.Where(row => row[0] == "group.jpg").Select(row => row[6]).Order());
        Assert.Equal([groups[0]], rows.Where(row => row[0] == "turned.jpg").Select(row => row[6]));
        Assert.Equal([groups[1]], rows.Where(row => row[0] == "clear.png").Select(row => row[6]));
        Assert.Equal(["wall.png"], report.GetProperty("without_face").EnumerateArray().Select(photo => photo.GetString()));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("people").ValueKind);
    }

    private string Models()
    {
        string? folder = Environment.GetEnvironmentVariable("SEMBLANCE_TEST_MODELS");
        string[] files = ["fr_detect.onnx", "fr_landmark.onnx", "fr_feature.onnx"];
        Assert.SkipWhen(string.IsNullOrEmpty(folder) || !files.All(file => File.Exists(Path.Combine(folder, file))), $"SEMBLANCE_TEST_MODELS names no folder with {string.Join(", ", files)}.");
        Directory.CreateDirectory(_folder["pack"]);
        foreach (string file in files)
        {
            File.Copy(Path.Combine(folder!, file), _folder["pack", file]);
        }

        ToolProcess.Run(["models", "add", _folder["pack"], "--name", "tested", "--json"], [("SEMBLANCE_MODELS", _folder["models"])]).Json();
        return _folder["models"];
    }

    private static Dictionary<string, SKBitmap[]> Portraits()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "shared", "data", "lfw.zip")))
        {
            root = root.Parent;
        }

        Assert.SkipWhen(root is null, "shared/data/lfw.zip does not lie beside the repository.");
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(root!.FullName, "shared", "data", "lfw.zip"));
        return People.ToDictionary(person => person, person => (SKBitmap[])
            [.. zip.Entries.Where(e => e.FullName.StartsWith($"lfw/{person}/", StringComparison.Ordinal) && e.Length > 0).OrderBy(e => e.Name, StringComparer.Ordinal).Take(5).Select(Decode)]);
    }

    private static SKBitmap Decode(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        using SKBitmap grey = SKBitmap.Decode(bytes.ToArray());
        return grey.Copy(SKColorType.Rgba8888);
    }

    private void WritePhotos(Dictionary<string, SKBitmap[]> portraits)
    {
        Directory.CreateDirectory(_folder["photos"]);
        foreach ((string person, SKBitmap[] own) in portraits)
        {
            for (int i = 0; i < 3; i++)
            {
                Write($"{person}_{i}.jpg", own[i], SKEncodedImageFormat.Jpeg);
            }
        }

        // Four people in one large picture.
        using var group = new SKBitmap(new SKImageInfo(1400, 1400, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(group))
        {
            canvas.Clear(SKColors.SlateGray);
            for (int i = 0; i < People.Length; i++)
            {
                Draw(canvas, portraits[People[i]][3], SKRect.Create(100 + (i % 2 * 700), 100 + (i / 2 * 700), 500, 500));
            }
        }

        Write("group.jpg", group, SKEncodedImageFormat.Jpeg);

        // Stored lying on its side, with the EXIF entry that says how to turn it.
        SKBitmap portrait = portraits[People[0]][4];
        using var lying = new SKBitmap(new SKImageInfo(portrait.Height, portrait.Width, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(lying))
        {
            canvas.Translate(0, portrait.Width);
            canvas.RotateDegrees(-90);
            Draw(canvas, portrait, SKRect.Create(portrait.Width, portrait.Height));
        }

        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        byte[] jpeg = Write("turned.jpg", lying, SKEncodedImageFormat.Jpeg);
        File.WriteAllBytes(_folder["photos", "turned.jpg"], [.. jpeg[..2], .. exif, .. jpeg[2..]]);

        // A portrait on nothing.
        using var clear = new SKBitmap(new SKImageInfo(500, 400, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        using (var canvas = new SKCanvas(clear))
        {
            canvas.Clear(SKColors.Transparent);
            Draw(canvas, portraits[People[1]][4], SKRect.Create(120, 60, 250, 250));
        }

        Write("clear.png", clear, SKEncodedImageFormat.Png);
        using var wall = new SKBitmap(new SKImageInfo(300, 200, SKColorType.Rgba8888, SKAlphaType.Opaque));
        wall.Erase(SKColors.Beige);
        Write("wall.png", wall, SKEncodedImageFormat.Png);
    }

    private static void Draw(SKCanvas canvas, SKBitmap bitmap, SKRect place)
    {
        using SKImage image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Linear));
    }

    private byte[] Write(string name, SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using SKData data = bitmap.Encode(format, 95);
        byte[] bytes = data.ToArray();
        File.WriteAllBytes(_folder["photos", name], bytes);
        return bytes;
    }
}

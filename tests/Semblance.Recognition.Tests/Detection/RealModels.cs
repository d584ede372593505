using System.IO.Compression;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Recognition.Tests.Detection;

/// <summary>
/// Real models from the folder that the environment variable SEMBLANCE_TEST_MODELS names, and real photos from the shared folder beside the
/// repository; tests that need what is absent are skipped.
/// </summary>
internal static class RealModels
{
    private const string Variable = "SEMBLANCE_TEST_MODELS";

    public const string UltraLight = "fr_detect.onnx";
    public const string Landmarks = "fr_landmark.onnx";
    public const string BlazeFaceFront = "face_detection_front_128x128_barracuda.onnx";

    public const string RetinaFace = "mnet.25_v1.onnx";
    public const string RetinaFaceInFifths = "mnet.25_v2.onnx";

    public static string FindOrSkip(string name)
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no folder with {name}.");
        string path = Path.Combine(folder!, name);
        Assert.SkipUnless(File.Exists(path), $"{name} is not in {folder} ({Variable}).");
        return path;
    }

    public static string SharedOrSkip(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", relative);
            if (Path.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"shared/{relative} does not lie beside the repository.");
        return "";
    }

    /// <summary>Portraits of LFW by their path without the top folder, every so-many-th.</summary>
    public static IReadOnlyList<(string Name, PixelBuffer Pixels)> Portraits(int count, int step)
    {
        using ZipArchive zip = ZipFile.OpenRead(SharedOrSkip("data/lfw.zip"));
        return [.. zip.Entries.Where(e => e.Name.EndsWith(".jpg", StringComparison.Ordinal)).OrderBy(e => e.FullName, StringComparer.Ordinal)
            .Where((_, i) => i % step == 0).Take(count).Select(e => (e.FullName["lfw/".Length..], Decode(e)))];
    }

    private static PixelBuffer Decode(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return ImageDecoder.Decode(bytes.ToArray(), entry.Name);
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Recognition.Tests.Photos;

/// <summary>LFW's photos, crops and landmarks from the shared folder beside the repository; tests that need them are skipped where it is absent.</summary>
internal static class RealPhotos
{
    public static string FindOrSkip(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"shared/data/{name} does not lie beside the repository.");
        return "";
    }

    /// <summary>Every so-manieth line of the landmark file: path and the five points.</summary>
    public static List<(string Path, FaceLandmarks Landmarks)> Landmarks(int every)
    {
        var result = new List<(string, FaceLandmarks)>();
        foreach (string line in File.ReadLines(FindOrSkip("lfw-landmarks.csv")).Skip(1).Where((_, i) => i % every == 0))
        {
            string[] cells = line.Split(',');
            Vector2[] p = [.. Enumerable.Range(0, 5).Select(i => new Vector2(Number(cells[1 + (2 * i)]), Number(cells[2 + (2 * i)])))];
            result.Add((cells[0], new FaceLandmarks(p[0], p[1], p[2], p[3], p[4])));
        }

        return result;

        static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
    }

    public static ZipArchive Open(string name) => ZipFile.OpenRead(FindOrSkip(name));

    public static PixelBuffer Decode(ZipArchive archive, string path)
    {
        using var bytes = new MemoryStream();
        using (Stream entry = archive.GetEntry(path)!.Open())
        {
            entry.CopyTo(bytes);
        }

        return ImageDecoder.Decode(bytes.ToArray(), path);
    }
}

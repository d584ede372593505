using System.Globalization;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Recognition.Clustering;

/// <summary>Small pictures of faces as files, a thousand in a folder: faces/000/000123.jpg.</summary>
public static class FacePictures
{
    /// <summary>The folder of all pictures.</summary>
    public const string Folder = "faces";

    private const int Side = 112;
    private const int Quality = 88;
    private const int PerFolder = 1000;

    /// <summary>The path of a face's picture, with '/' between the parts.</summary>
    /// <param name="face">The face's number, from 0.</param>
    public static string NameOf(int face) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}/{face / PerFolder:000}/{face:000000}.jpg");

    /// <summary>Writes a face's picture: the crop, no side longer than 112 pixels.</summary>
    /// <param name="root">The folder that paths are relative to.</param>
    /// <param name="face">The face's number.</param>
    /// <param name="crop">Its crop.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public static void Write(string root, int face, PixelBuffer crop)
    {
        ArgumentNullException.ThrowIfNull(crop);
        double shrink = Math.Min(1, (double)Side / Math.Max(crop.Width, crop.Height));
        PixelBuffer small = shrink < 1 ? ImageResizer.Resize(crop, Scaled(crop.Width), Scaled(crop.Height)) : crop;
        string path = Path.Combine(root, NameOf(face));
        try
        {
            // The folder around it is not in its place yet, so that no half of a file can be taken for a whole.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, ImageEncoder.Jpeg(small, Quality));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be written: {e.Message}", e);
        }

        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * shrink));
    }
}

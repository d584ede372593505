using System.Text;
using Semblance.Numerics;

namespace Semblance.Recognition.Tests;

/// <summary>Writes noise images as PPM into a folder per identity. The images of an identity differ little, those of two identities much.</summary>
internal static class FaceFolder
{
    public static byte[] Image(int identity, int image)
    {
        var person = new CountedRandom(100, (ulong)identity);
        var noise = new CountedRandom(200, (ulong)identity, (ulong)image);
        byte[] pixels = new byte[3 * TinyModel.Side * TinyModel.Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(person.NextInt(256) + (10 * noise.NextGaussian()), 0, 255);
        }

        return [.. Encoding.ASCII.GetBytes($"P6 {TinyModel.Side} {TinyModel.Side} 255\n"), .. pixels];
    }

    public static string Write(TemporaryFolder folder, int identities, int images, int firstImage = 0, string name = "faces")
    {
        string root = folder.File(name);
        for (int identity = 0; identity < identities; identity++)
        {
            Directory.CreateDirectory(Path.Combine(root, $"person{identity:00}"));
            for (int image = firstImage; image < firstImage + images; image++)
            {
                File.WriteAllBytes(ImagePath(root, identity, image), Image(identity, image));
            }
        }

        return root;
    }

    public static string ImagePath(string root, int identity, int image) => Path.Combine(root, $"person{identity:00}", $"{image:000}.ppm");
}

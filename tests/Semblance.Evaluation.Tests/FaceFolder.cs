using Semblance.Data;

namespace Semblance.Evaluation.Tests;

/// <summary>A dataset on the disk: grey PGM photos whose pixels tell the person (a pattern of rows) and the photo (a little noise).</summary>
internal sealed class FaceFolder : IDisposable
{
    private const int Side = 16;
    private readonly TemporaryFolder _folder = new();

    public string Root => _folder.File("faces");

    public void Add(string name, int images, string pattern = "{0}_{1:D4}.pgm", double noise = 6)
    {
        Directory.CreateDirectory(Path.Combine(Root, name));
        int seed = name.Aggregate(17, (h, c) => (h * 31) + c);
        var person = new Random(seed);
        double[] face = [.. Enumerable.Range(0, Side * Side).Select(_ => person.NextDouble() * 200)];
        for (int n = 1; n <= images; n++)
        {
            var photo = new Random(seed + n);
            byte[] pixels = [.. face.Select(v => (byte)Math.Clamp(v + (noise * photo.NextDouble()), 0, 255))];
            string file = Path.Combine(Root, name, string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, name, n));
            File.WriteAllBytes(file, [.. "P5\n16 16\n255\n"u8, .. pixels]);
        }
    }

    public string Write(string name, string text) => _folder.Write(name, text);

    public string FileOf(string name) => _folder.File(name);

    public FaceDataset Open() => FaceDataset.Open(Root);

    public void Dispose() => _folder.Dispose();
}

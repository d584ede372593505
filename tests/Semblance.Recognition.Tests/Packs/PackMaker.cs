using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Semblance.Recognition.Tests.Models;

namespace Semblance.Recognition.Tests.Packs;

/// <summary>Makes archives of models as packs come in.</summary>
internal static class PackMaker
{
    public const string Licence = "You may do with it what you like.\n";

    /// <summary>An embedder of 112×112 crops without a card, its batch fixed at 1, with a PRelu.</summary>
    public static byte[] Embedder(int size = 64)
    {
        var graph = new GraphMaker();
        string x = graph.Input("x", 1, 3, 112, 112);
        x = graph.Node("Conv", [x, graph.Random(8, 3, 3, 3), graph.Random(8)], GraphMaker.Ints("strides", 4, 4));
        x = graph.Node("PRelu", [x, graph.Random(8, 1, 1)]);
        x = graph.Node("Flatten", [graph.Node("GlobalAveragePool", [x])]);
        return graph.Output(graph.Node("MatMul", [x, graph.Random(8, size)]), 1, size).ToBytes();
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string Integrity(byte[] bytes) => "sha512-" + Convert.ToBase64String(SHA512.HashData(bytes));

    public static string Manifest(string name, byte[] embedder, string? sha256 = null) => $$"""
        {
          "format": 1,
          "name": "{{name}}",
          "license": "MIT-0",
          "license_file": "LICENSE",
          "models": [
            {
              "name": "embedder", "file": "model/embedder.onnx", "sha256": "{{sha256 ?? Hash(embedder)}}", "role": "embedder",
              "embedder": { "mean": 127, "std": 128, "embedding_size": 64, "thresholds": { "fmr=1e-3": 0.4 }, "flip": false }
            }
          ]
        }
        """;

    /// <summary>The files of a pack with a manifest.</summary>
    public static (string Path, byte[] Content)[] Pack(string name = "small", string? sha256 = null)
    {
        byte[] embedder = Embedder();
        return [("pack.json", Encoding.UTF8.GetBytes(Manifest(name, embedder, sha256))), ("LICENSE", Encoding.UTF8.GetBytes(Licence)), ("model/embedder.onnx", embedder)];
    }

    public static byte[] Zip(params (string Path, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] content) in files)
            {
                using Stream entry = zip.CreateEntry(path).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Tarball(params (string Path, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zipped = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zipped))
        {
            foreach ((string path, byte[] content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
            }
        }

        return bytes.ToArray();
    }
}

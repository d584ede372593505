using Semblance.Data;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Recognition.Models;
using Semblance.Recognition.Packs;

namespace Semblance.Recognition.Tests.Packs;

/// <summary>On the pack itself, where this machine has it, and real crops, where they lie beside the repository.</summary>
public sealed class RealPackTests
{
    [Fact]
    public void The_rewritten_embedder_gives_the_embeddings_of_the_one_it_was_made_of()
    {
        InstalledPack? pack = new ModelLibrary().Find("faceplugin");
        Assert.SkipWhen(pack is null, "the pack is not installed on this machine; 'semblance models pull faceplugin' installs it");
        PackModel model = pack.Manifest.Models.Single(each => each.Role == ModelRole.Embedder);
        byte[] original = File.ReadAllBytes(Path.Combine(pack.Folder, model.File));
        RewrittenModel rewritten = ModelRewriter.Rewrite(original, model.File);
        Assert.Equal((33, true), (rewritten.ReplacedActivations, rewritten.FreedBatch));

        const int Count = 24;
        using var embedder = OnnxFaceEmbedder.Open(pack.PathOf(model), 2);
        ModelCard card = embedder.Card;
        using FaceDataset crops = FaceDataset.Open(Crops());
        float[] pixels = new float[Count * card.Preprocessing.InputLength];
        for (int i = 0; i < Count; i++)
        {
            int image = i * (crops.Images.Count / Count);
            FacePreprocessor.Write(crops.Decode(image), card.Preprocessing, pixels.AsSpan(i * card.Preprocessing.InputLength, card.Preprocessing.InputLength));
        }

        float[] embeddings = new float[Count * card.EmbeddingSize];
        embedder.Embed(pixels, Count, embeddings);
        for (int i = 0; i < Count; i++)
        {
            float[] crop = pixels[(i * card.Preprocessing.InputLength)..((i + 1) * card.Preprocessing.InputLength)];
            float[] expected = Tests.Models.GraphMaker.Run(original, crop, 1, 3, 112, 112);
            Assert.True(expected.Max(Math.Abs) > 0.1f);
            Assert.InRange(expected.Zip(embeddings.Skip(i * card.EmbeddingSize), (e, a) => Math.Abs(e - a)).Max(), 0, 1e-4f);
        }
    }

    private static string Crops()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", "lfw-112.zip");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip("shared/data/lfw-112.zip does not lie beside the repository.");
        return "";
    }
}

using System.Text;
using CsCheck;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Contract;

/// <summary>Export, import and copies between stores.</summary>
public abstract partial class GalleryContractTests
{
    [Fact]
    public void An_export_fills_another_gallery_without_loss()
    {
        using IGallery first = Create(Card);
        FillRichly(first);
        using var stream = new MemoryStream();
        Assert.Equal(601, GalleryExporter.Write(first, stream, GalleryExportFormat.JsonLines));
        using IGallery second = Create(Card);
        stream.Position = 0;
        EnrolmentOutcome outcome = GalleryImporter.Read(stream, "export.jsonl", second);
        Assert.Equal((601, 71), (outcome.Added, outcome.NewSubjects));
        RequireSame(first, second);
        stream.Position = 0;
        Assert.Equal(Enumerable.Range(0, 601), GalleryImporter.Read(stream, "export.jsonl", second).AlreadyEnrolled);
        RequireSame(first, second);
        using var again = new MemoryStream();
        GalleryExporter.Write(second, again, GalleryExportFormat.JsonLines);
        Assert.Equal(Encoding.UTF8.GetString(stream.ToArray()), Encoding.UTF8.GetString(again.ToArray()));
    }

    [Fact]
    public void A_copy_to_another_store_and_back_loses_nothing()
    {
        using IGallery first = Create(Card);
        FillRichly(first);
        using IGallery second = Create(Card, new GalleryOptions { Keys = NewKey() });
        EnrolmentOutcome outcome = GalleryCopier.Copy(first, second);
        Assert.Equal((601, 71), (outcome.Added, outcome.NewSubjects));
        RequireSame(first, second);
        using IGallery third = Create(Card);
        GalleryCopier.Copy(second, third);
        RequireSame(first, third);
        Assert.Equal(0, GalleryCopier.Copy(first, third).Added);
    }

    [Fact]
    public void A_copy_into_a_gallery_with_a_threshold_of_its_own_leaves_that_alone()
    {
        using IGallery first = Create(Card);
        first.Enrol([Face("ann", 1)]);
        first.Configure(new GallerySettings { Threshold = 0.3 });
        using IGallery second = Create(Card);
        second.Configure(new GallerySettings { Threshold = 0.6 });
        GalleryCopier.Copy(first, second);
        Assert.Equal(0.6, second.Settings.Threshold);
    }

    [Fact]
    public void A_copy_into_a_gallery_of_another_model_is_refused()
    {
        using IGallery first = Create(Card);
        using IGallery second = Create(CardOf("0123456789abcdef"));
        Assert.Contains("was made with model", Assert.Throws<SemblanceException>(() => GalleryCopier.Copy(first, second)).Message);
    }

    [Fact]
    public void An_export_of_the_first_version_is_still_read()
    {
        using IGallery gallery = Create(Card);
        NewTemplate face = Face("ann", 1, Noon);
        string text = "{\"format\":\"semblance-gallery\",\"version\":1,\"model\":{\"fingerprint\":\"aa11bb22cc33dd44\",\"backbone\":\"tiny\",\"loss\":\"arcface\",\"embedding_size\":4}}\n"
            + $"{{\"subject\":\"ann\",\"source\":\"ann/1.jpg\",\"digest\":\"{Convert.ToHexStringLower(face.Digest)}\",\"created\":\"2026-03-01T12:00:00+00:00\",\"embedding\":[1,-0.5,0,0.1]}}\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(1, GalleryImporter.Read(stream, "old.jsonl", gallery).Added);
        GalleryTemplate stored = Assert.Single(gallery.ReadTemplates());
        Assert.Equal([1, -0.5f, 0, 0.1f], stored.Embedding);
        Assert.Equal(("ann", Noon), (stored.Subject, stored.Created));
        Assert.Equal(Noon, gallery.Find("ann")!.Created);
    }

    [Fact]
    public void Embeddings_survive_an_export_bit_for_bit() => Gen.Float.Where(float.IsFinite).Array[Size].Where(e => e.Any(v => v != 0)).Sample(
        embedding =>
        {
            using IGallery first = Create(Card);
            using IGallery second = Create(Card);
            first.Enrol([new NewTemplate("ann", embedding, "x", DigestOf(1))]);
            using var stream = new MemoryStream();
            GalleryExporter.Write(first, stream, GalleryExportFormat.JsonLines);
            stream.Position = 0;
            GalleryImporter.Read(stream, "x", second);
            Assert.Equal(
                embedding.Select(BitConverter.SingleToInt32Bits), second.ReadTemplates().Single().Embedding.Select(BitConverter.SingleToInt32Bits));
        },
        iter: 10);

    [Fact]
    public void A_broken_export_is_refused_with_its_line()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1) with { Details = new SubjectDetails { ExternalId = "7" } }, Face("bob", 2)]);
        using var stream = new MemoryStream();
        GalleryExporter.Write(gallery, stream, GalleryExportFormat.JsonLines);
        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd().Split('\n');
        Assert.Contains("line 1", Failure(""));
        Assert.Contains("line 1", Failure("{}"));
        Assert.Contains("has version 3, this program reads up to 2", Failure(lines[0].Replace("\"version\":2", "\"version\":3", StringComparison.Ordinal)));
        Assert.Contains("line 1", Failure(lines[0].Replace("\"metric\":\"cosine\"", "\"metric\":\"hamming\"", StringComparison.Ordinal)));
        Assert.Contains("line 3", Failure(string.Join('\n', lines[0], lines[1], lines[2][..50])));
        Assert.Contains("line 2", Failure(string.Join('\n', lines[0], lines[1].Replace("\"embedding\":[", "\"embedding\":[1,", StringComparison.Ordinal))));
        Assert.Contains("line 2", Failure(string.Join('\n', lines[0], lines[1].Replace("\"7\"", $"\"{new string('7', 201)}\"", StringComparison.Ordinal))));
        Assert.Contains("line 2", Failure(string.Join('\n', lines[0], "{\"subject\":\"x\"}")));
        Assert.Contains("was made with model", Failure(lines[0].Replace(Card.ModelFingerprint, "00ff", StringComparison.Ordinal)));

        string Failure(string text)
        {
            using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return Assert.Throws<SemblanceException>(() => GalleryImporter.Read(input, "export.jsonl", gallery)).Message;
        }
    }

    [Fact]
    public void A_csv_export_has_a_row_per_template_and_quotes_what_needs_it()
    {
        using IGallery gallery = Create(Card);
        NewTemplate face = Face("Smith, \"Jo\"", 1, new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero)) with
        {
            Embedding = [1, -0.5f, 0, 0.1f],
            Details = new SubjectDetails { ExternalId = "A;1" },
        };
        gallery.Enrol([face]);
        using var stream = new MemoryStream();
        GalleryExporter.Write(gallery, stream, GalleryExportFormat.Csv);
        Assert.Equal(
            "subject,external_id,source,digest,created,e0,e1,e2,e3\r\n"
            + $"\"Smith, \"\"Jo\"\"\",A;1,\"Smith, \"\"Jo\"\"/1.jpg\",{Convert.ToHexStringLower(face.Digest)},2024-01-02T03:04:05.0000000Z,1,-0.5,0,0.1\r\n",
            Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void FillRichly(IGallery gallery)
    {
        gallery.Enrol([.. Enumerable.Range(0, 600).Select(i => Face($"s{i % 70}", i)), Face("a \"quoted\", name", 7000)]);
        gallery.Update("s3", new SubjectDetails
        {
            ExternalId = "id,\"3\"",
            Metadata = new Dictionary<string, string> { ["site"] = "Åre", ["note"] = "line\nbreak" },
            Expires = new DateTimeOffset(2099, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(7),
        });
        gallery.MarkSeen(["s3", "s4"], Noon.AddTicks(3));
        gallery.Configure(new GallerySettings { Threshold = 0.1 + 0.2 });
    }

    private static void RequireSame(IGallery first, IGallery second)
    {
        Assert.Equal(first.Settings, second.Settings);
        Assert.Equal(Contents(first), Contents(second));
        Assert.Equal(first.List(limit: 1000).Select(Known), second.List(limit: 1000).Select(Known));

        static string Known(GallerySubject s) =>
            $"{s.Name}|{s.Templates}|{s.Created:O}|{s.ExternalId}|{SubjectMetadata.ToJson(s.Metadata)}|{s.LastSeen:O}|{s.Expires:O}";
    }
}

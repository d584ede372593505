using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis.Tests;

public sealed class VectorSearchTests(GarnetHost server)
{
    private const int Count = 600;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_vector_sets_find_what_an_exact_search_finds(int shards)
    {
        using RedisGallery gallery = Filled(server.NewLocation($"?shards={shards}"));
        Assert.Equal(shards, gallery.Shards);
        GalleryIndex exact = gallery.LoadIndex();
        float[] probes = [.. Enumerable.Range(0, 80).SelectMany(i => Faces.Embedding(10_000 + i))];
        SubjectMatch[][] found = gallery.Search(probes, 80, 5);
        SubjectMatch[][] expected = exact.SearchBatch(probes, 80, 5);
        int same = 0;
        for (int i = 0; i < 80; i++)
        {
            Assert.Equal(5, found[i].Length);
            same += found[i].Count(match => expected[i].Any(e => e.TemplateId == match.TemplateId && Math.Abs(e.Cosine - match.Cosine) < 1e-5));
        }

        // Random probes have no near neighbours: the hardest case of a graph.
        Assert.True(same >= 80 * 5 * 0.97, $"{same} of 400 were found");
    }

    [Fact]
    public void A_rare_filter_finds_all_that_it_lets_pass()
    {
        using RedisGallery gallery = Filled(server.NewLocation("?shards=2"));
        foreach (int i in (int[])[3, 77, 191])
        {
            gallery.Update($"p{i}", new SubjectDetails { Metadata = new Dictionary<string, string> { ["floor"] = "it's \"3\" \\ ü", ["a-b.c"] = "" } });
        }

        var filter = new GalleryFilter { Metadata = new Dictionary<string, string> { ["floor"] = "it's \"3\" \\ ü", ["a-b.c"] = "" } };
        SubjectMatch[] found = gallery.Search(Faces.Embedding(1), 1, 10, filter)[0];
        Assert.Equal(["p191", "p3", "p77"], found.Select(m => m.Subject).Order(StringComparer.Ordinal));
        Assert.Empty(gallery.Search(Faces.Embedding(1), 1, 10, filter with { Metadata = new Dictionary<string, string> { ["floor"] = "4" } })[0]);
        gallery.Update("p77", new SubjectDetails { Metadata = new Dictionary<string, string>() });
        Assert.Equal(2, gallery.Search(Faces.Embedding(1), 1, 10, filter)[0].Length);
    }

    [Fact]
    public void A_filter_that_lets_many_pass_is_the_servers_own()
    {
        string location = server.NewLocation();
        using RedisGallery gallery = RedisGallery.Open(location, Faces.Model);
        gallery.Enrol(
        [
            .. Enumerable.Range(0, 1000).Select(i => Faces.New($"p{i}", i) with
            {
                Details = new SubjectDetails { Metadata = new Dictionary<string, string> { ["site"] = i % 3 == 0 ? "Zürich" : "Oslo" } },
            })
        ]);
        var filter = new GalleryFilter { Metadata = new Dictionary<string, string> { ["site"] = "Zürich" } };
        float[] probes = [.. Enumerable.Range(0, 60).SelectMany(i => Faces.Embedding(5000 + i))];
        SubjectMatch[][] found = gallery.Search(probes, 60, 5, filter);
        SubjectMatch[][] expected = gallery.LoadIndex().SearchBatch(probes, 60, 5, filter);
        Assert.All(found, matches => Assert.True(matches.Length == 5 && matches.All(m => int.Parse(m.Subject[1..], System.Globalization.CultureInfo.InvariantCulture) % 3 == 0)));
        int same = found.Zip(expected).Sum(pair => pair.First.Count(m => pair.Second.Any(e => e.TemplateId == m.TemplateId)));
        Assert.True(same >= 60 * 5 * 0.95, $"{same} of 300 were found");

        // The attributes follow the details.
        gallery.Update("p3", new SubjectDetails { Metadata = new Dictionary<string, string>() });
        gallery.Update("p4", new SubjectDetails { Metadata = new Dictionary<string, string> { ["site"] = "Zürich" } });
        Assert.DoesNotContain(gallery.Search(Faces.Embedding(3), 1, 5, filter)[0], m => m.Subject == "p3");
        Assert.Equal("p4", gallery.Search(Faces.Embedding(4), 1, 5, filter)[0][0].Subject);
        RedisResult attributes = Database().Execute("VGETATTR", (RedisKey)Key(location, "vectors"), gallery.ReadTemplates().First(t => t.Subject == "p4").Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(MetadataTags.ToAttributes([MetadataTags.Of("site", "Zürich")]), (string?)attributes);
    }

    [Fact]
    public void What_a_dead_writer_has_not_yet_put_into_the_vector_set_is_found_and_put_there_by_the_next()
    {
        string location = server.NewLocation();
        using RedisGallery gallery = Filled(location);
        GalleryTemplate template = gallery.ReadTemplates().Skip(40).First();
        IDatabase database = Database();
        database.SetAdd(Key(location, "pending"), template.Id);
        Assert.Equal(1, (int)database.Execute("VREM", (RedisKey)Key(location, "vectors"), template.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(template.Id, gallery.Search(template.Embedding, 1, 1)[0][0].TemplateId);
        gallery.Enrol([Faces.New("next", 20_000)]);
        Assert.Equal(0, database.SetLength(Key(location, "pending")));
        Assert.Equal(Count + 1, (int)database.Execute("VCARD", (RedisKey)Key(location, "vectors")));
        Assert.Equal(template.Id, gallery.Search(template.Embedding, 1, 1)[0][0].TemplateId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_server_has_lost_of_its_vector_sets_is_told_and_put_back_by_the_next_write(int shards)
    {
        string location = server.NewLocation($"?shards={shards}");
        using RedisGallery gallery = Filled(location);
        var keys = new GalleryKeys(RedisLocation.Parse(location).Gallery, shards);
        GalleryTemplate[] stored = [.. gallery.ReadTemplates()];
        GalleryTemplate[] lost = [.. stored.Where(t => t.Id % 4 == 1)];
        foreach (GalleryTemplate template in lost)
        {
            Database().Execute("VREM", keys.ShardOf(template.Subject).Vectors, template.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        using (RedisGallery reader = RedisGallery.OpenExisting(location, options: new GalleryOptions { ReadOnly = true }))
        {
            Assert.Contains($"has lost {lost.Length} entries", Assert.Single(reader.Warnings), StringComparison.Ordinal);
        }

        gallery.Enrol([Faces.New("next", 20_000)]);
        Assert.Equal(Count + 1, keys.Shards.Sum(shard => (int)Database().Execute("VCARD", shard.Vectors)));
        SubjectMatch[][] found = gallery.Search([.. lost.SelectMany(t => t.Embedding)], lost.Length, 1);
        Assert.Equal(lost.Select(t => t.Id), found.Select(m => m[0].TemplateId));
        using RedisGallery again = RedisGallery.OpenExisting(location);
        Assert.Empty(again.Warnings);
    }

    [Fact]
    public void An_entry_whose_template_is_gone_is_never_returned()
    {
        string location = server.NewLocation();
        using RedisGallery gallery = Filled(location);
        float[] stale = Faces.Embedding(30_000);
        Database().Execute(
            "VADD", (RedisKey)Key(location, "vectors"), "FP32", UnitVector.ToBytes(UnitVector.Of(stale)), "999999", "NOQUANT", "M", 32, "XDISTANCE_METRIC", "COSINE");
        Assert.Equal(10, gallery.Search(stale, 1, 10)[0].Length);
        Assert.DoesNotContain(gallery.Search(stale, 1, 10)[0], match => match.TemplateId == 999999);
    }

    [Fact]
    public void An_encrypted_gallery_has_no_vectors_on_the_server_until_the_encryption_is_taken_away()
    {
        string location = server.NewLocation();
        var keys = Faces.NewKeys();
        using RedisGallery gallery = RedisGallery.Open(location, Faces.Model, new GalleryOptions { Keys = keys });
        gallery.Enrol([.. Enumerable.Range(0, 50).Select(i => Faces.New($"p{i}", i))]);
        Assert.True(gallery.IsEncrypted);
        Assert.Equal("p7", gallery.Search(Faces.Embedding(7), 1, 1)[0][0].Subject);
        Assert.Equal(0, Vectors(location));
        Assert.Equal(50, gallery.ChangeKeys(null));
        Assert.Equal((false, 50), (gallery.IsEncrypted, Vectors(location)));
        Assert.Equal("p7", gallery.Search(Faces.Embedding(7), 1, 1)[0][0].Subject);
        Assert.Equal(50, gallery.ChangeKeys(keys));
        Assert.Equal((true, 0), (gallery.IsEncrypted, Vectors(location)));
        Assert.Equal("p7", gallery.Search(Faces.Embedding(7), 1, 1)[0][0].Subject);
    }

    [Fact]
    public void A_probe_without_a_direction_is_equally_far_from_all_and_one_that_is_no_number_is_refused()
    {
        using RedisGallery gallery = Filled(server.NewLocation());
        Assert.Equal(Enumerable.Repeat(0f, 3), gallery.Search(new float[Faces.Size], 1, 3)[0].Select(m => m.Cosine));
        Assert.Throws<ArgumentException>(() => gallery.Search([.. Enumerable.Repeat(float.NaN, Faces.Size)], 1, 3));
        Assert.Throws<ArgumentException>(() => gallery.Search(new float[Faces.Size - 1], 1, 3));
        Assert.Empty(gallery.Search([], 0, 3));
    }

    [Fact]
    public void Embeddings_whose_norm_a_float_cannot_hold_are_found_all_the_same()
    {
        using RedisGallery gallery = Filled(server.NewLocation());
        float[] huge = [.. Faces.Embedding(77_777).Select(v => v * 1e37f)], tiny = [.. Faces.Embedding(88_888).Select(v => v * 1e-38f)];
        gallery.Enrol([Faces.New("huge", 50_001) with { Embedding = huge }, Faces.New("tiny", 50_002) with { Embedding = tiny }]);
        SubjectMatch[][] found = gallery.Search([.. huge, .. tiny], 2, 1);
        Assert.Equal(["huge", "tiny"], found.Select(m => m[0].Subject));
        Assert.All(found, m => Assert.Equal(1, m[0].Cosine, 1e-5));
    }

    [Fact]
    public async Task A_batch_becomes_visible_as_a_whole()
    {
        using RedisGallery gallery = RedisGallery.Open(server.NewLocation("?shards=5"), Faces.Model);
        using var done = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            for (int b = 0; b < 12; b++)
            {
                gallery.Enrol([.. Enumerable.Range(0, 20).Select(i => Faces.New($"b{b}-{i}", (b * 20) + i))]);
            }

            done.Cancel();
        });
        int seen = 0;
        while (!done.IsCancellationRequested)
        {
            int templates = gallery.ReadTemplates().Count();
            Assert.True(templates % 20 == 0 && templates >= seen, $"{templates} after {seen}");
            seen = templates;
            int found = gallery.Search(Faces.Embedding(1), 1, 1000)[0].Length;
            Assert.True(found % 20 == 0 && found >= seen, $"{found} found after {seen}");
            if (writer.IsFaulted)
            {
                break;
            }
        }

        await writer;
        Assert.Equal(240, gallery.Search(Faces.Embedding(1), 1, 1000)[0].Length);
    }

    private static RedisGallery Filled(string location)
    {
        RedisGallery gallery = RedisGallery.Open(location, Faces.Model);
        gallery.Enrol([.. Enumerable.Range(0, Count).Select(i => Faces.New($"p{i % 200}", i))]);
        return gallery;
    }

    private static string Key(string location, string name) => $"semblance:{{{RedisLocation.Parse(location).Gallery}}}:{name}";

    private int Vectors(string location) => (int)Database().Execute("VCARD", (RedisKey)Key(location, "vectors"));

    private IDatabase Database() => server.Connection.GetDatabase();
}

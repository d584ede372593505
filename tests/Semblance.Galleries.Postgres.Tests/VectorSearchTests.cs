using Semblance.Galleries.Postgres.Tests.Servers;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Postgres.Tests;

/// <summary>Search by the index in the database against exact search in memory, over a gallery large enough that the index is used.</summary>
public sealed class VectorSearchTests(VectorSearchTests.LargeGallery large, VectorServer server) : IClassFixture<VectorSearchTests.LargeGallery>
{
    private const int Size = 256, People = 3000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Finds_what_exact_search_finds()
    {
        PostgresGallery gallery = large.Open();
        const int Probes = 100;
        float[] probes = [.. Enumerable.Range(0, Probes).SelectMany(i => Faces.Near(Faces.Embedding(i * 29, Size), i))];
        SubjectMatch[][] exact = gallery.LoadIndex(Cancel).SearchBatch(probes, Probes, 10, Cancel);
        long before = large.IndexScans();
        SubjectMatch[][] found = gallery.Search(probes, Probes, 10, null, Cancel);
        Assert.True(large.IndexScans() >= before + Probes, "The index was not used.");
        int hits = 0;
        for (int i = 0; i < Probes; i++)
        {
            Assert.Equal(10, found[i].Length);
            Assert.Equal(exact[i][0].SubjectId, found[i][0].SubjectId);
            Assert.Equal(exact[i][0].Cosine, found[i][0].Cosine, 1e-6);
            Assert.Equal(found[i].Select(m => m.Cosine).OrderDescending(), found[i].Select(m => m.Cosine));
            hits += found[i].Count(m => exact[i].Any(e => e.SubjectId == m.SubjectId));
        }

        // Beyond the person meant, random vectors are all as far away: the hardest there is for an index.
        Assert.True(hits >= 0.9 * 10 * Probes, $"{hits} of {10 * Probes} found.");
    }

    [Theory]
    [InlineData("rare", "yes", 3)]
    [InlineData("parity", "odd", 1500)]
    [InlineData("common", "yes", 2700)]
    public void A_filter_never_starves_the_result(string key, string value, int holders)
    {
        PostgresGallery gallery = large.Open();
        var filter = new GalleryFilter { Metadata = new Dictionary<string, string> { [key] = value } };
        float[] probe = Faces.Embedding(50, Size);
        SubjectMatch[] exact = gallery.LoadIndex(Cancel).SearchBatch(probe, 1, 10, filter, Cancel)[0];
        SubjectMatch[] found = gallery.Search(probe, 1, 10, filter, Cancel)[0];
        Assert.Equal(Math.Min(10, holders), found.Length);
        Assert.All(found, match => Assert.Equal(value, gallery.Find(match.Subject)!.Metadata[key]));
        Assert.Equal(exact[0].Subject, found[0].Subject);
        Assert.Empty(gallery.Search(probe, 1, 10, filter with { Metadata = new Dictionary<string, string> { [key] = "neither" } }, Cancel)[0]);
    }

    [Fact]
    public void A_person_with_many_templates_leaves_room_for_the_others()
    {
        PostgresGallery gallery = large.Open();
        SubjectMatch[] found = gallery.Search(large.Crowd, 1, 10, null, Cancel)[0];
        Assert.Equal("crowd", found[0].Subject);
        Assert.Equal(10, found.Select(m => m.Subject).Distinct().Count());
    }

    [Fact]
    public void Below_the_least_cosine_nobody_is_found()
    {
        PostgresGallery gallery = large.Open();
        float[] probe = Faces.Near(Faces.Embedding(70, Size), 1);
        SubjectMatch[] found = gallery.Search(probe, 1, 10, new GalleryFilter { MinCosine = 0.6 }, Cancel)[0];
        Assert.Equal(["person 00070"], found.Select(m => m.Subject));
    }

    [Fact]
    public void A_zero_probe_is_like_nobody()
    {
        SubjectMatch[] found = large.Open().Search(new float[Size], 1, 5, null, Cancel)[0];
        Assert.Equal(5, found.Length);
        Assert.All(found, match => Assert.Equal(0, match.Cosine));
    }

    [Fact]
    public void A_probe_that_is_no_number_is_refused() =>
        Assert.Throws<ArgumentException>(() => large.Open().Search([float.NaN, .. new float[Size - 1]], 1, 5, null, Cancel));

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    public void The_length_of_an_embedding_does_not_count(float scale)
    {
        using PostgresGallery gallery = PostgresGallery.Open(server.NewGallery(), Faces.Model());
        float[] stored = [.. Faces.Embedding(1).Select(v => v * scale)];
        gallery.Enrol([Faces.Template("Ann", stored), .. Faces.People(5, first: 10)], Cancel);
        SubjectMatch match = gallery.Search(Faces.Embedding(1), 1, 1, null, Cancel)[0][0];
        Assert.Equal("Ann", match.Subject);
        Assert.Equal(1, match.Cosine, 1e-5);
        Assert.Equal(stored, gallery.ReadTemplates(Cancel).First().Embedding);
    }

    [Theory]
    [InlineData(2100)]
    [InlineData(4100)]
    public void Long_embeddings_are_searched_as_halves_and_scored_as_enrolled(int size)
    {
        using PostgresGallery gallery = PostgresGallery.Open(server.NewGallery("&m=8&ef_construction=32"), Faces.Model(size));
        NewTemplate[] people = Faces.People(300, size);
        gallery.Enrol(people, Cancel);
        float[] probe = Faces.Near(people[123].Embedding, 5);
        SubjectMatch match = gallery.Search(probe, 1, 3, null, Cancel)[0][0];
        Assert.Equal("person 00123", match.Subject);
        Assert.Equal(gallery.LoadIndex(Cancel).Search(probe, 1, Cancel)[0].Cosine, match.Cosine, 1e-6);
        Assert.Equal(people[299].Embedding, gallery.ReadTemplates(Cancel).Last().Embedding);
    }

    /// <summary>One gallery for all tests here that only look. Made by the first that needs it.</summary>
    public sealed class LargeGallery(VectorServer server) : IDisposable
    {
        private readonly Lock _turn = new();
        private PostgresGallery? _gallery;
        private PostgresLocation? _location;

        public float[] Crowd { get; } = Faces.Embedding(40_000_000, Size);

        public PostgresGallery Open()
        {
            lock (_turn)
            {
                if (_gallery is null)
                {
                    _location = server.NewGallery("&m=16&ef_construction=64");
                    _gallery = PostgresGallery.Open(_location, Faces.Model(Size));
                    IEnumerable<NewTemplate> people = Faces.People(People, Size).Select((t, i) => t with
                    {
                        Details = new SubjectDetails
                        {
                            Metadata = new Dictionary<string, string>
                            {
                                ["rare"] = i % 1000 == 17 ? "yes" : "no",
                                ["parity"] = i % 2 == 1 ? "odd" : "even",
                                ["common"] = i % 10 == 0 ? "no" : "yes",
                            },
                        },
                    });
                    IEnumerable<NewTemplate> crowd = Enumerable.Range(0, 150).Select(i => Faces.Template("crowd", Faces.Near(Crowd, i, 0.1), $"crowd {i}.jpg"));
                    foreach (NewTemplate[] batch in people.Concat(crowd).Chunk(500))
                    {
                        _gallery.Enrol(batch, Cancel);
                    }
                }

                return _gallery;
            }
        }

        public long IndexScans()
        {
            using var session = new PostgresSession(_location!, new GalleryOptions());
            return session.Read(connection =>
            {
                Sql.Run(connection, "SELECT pg_stat_force_next_flush()");
                return (long)Sql.Value(connection, "SELECT idx_scan FROM pg_stat_user_indexes WHERE schemaname = $1 AND indexrelname = 'vectors_hnsw'", _location!.Schema)!;
            });
        }

        public void Dispose() => _gallery?.Dispose();
    }
}

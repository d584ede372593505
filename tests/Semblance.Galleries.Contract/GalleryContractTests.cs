using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Contract;

/// <summary>What every store of <see cref="IGallery"/> keeps, whatever it is made of. Each store's test project compiles these files and derives from the class.</summary>
public abstract partial class GalleryContractTests
{
    protected const int Size = 4;

    protected static ModelCard Card { get; } = CardOf("aa11bb22cc33dd44");

    /// <summary>A new gallery at a place of its own.</summary>
    protected abstract IGallery Create(ModelCard card, GalleryOptions? options = null);

    /// <summary>Opens once more what <see cref="Create"/> made, as another process would; the first may still be open.</summary>
    protected abstract IGallery Reopen(IGallery gallery, GalleryOptions? options = null);

    protected static ModelCard CardOf(string fingerprint, int size = Size) =>
        new() { EmbeddingSize = size, Backbone = "tiny", Loss = "arcface", ModelFingerprint = fingerprint };

    protected static NewTemplate Face(string subject, int seed, DateTimeOffset? created = null)
    {
        var random = new Numerics.CountedRandom((ulong)seed);
        float[] embedding = [.. Enumerable.Range(0, Size).Select(_ => (float)random.NextGaussian())];
        return new NewTemplate(subject, embedding, $"{subject}/{seed}.jpg", DigestOf(seed), created);
    }

    protected static byte[] DigestOf(int seed) => System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(seed));

    [Fact]
    public void A_new_gallery_is_empty()
    {
        using IGallery gallery = Create(Card);
        GalleryInfo info = gallery.Describe();
        Assert.Equal((0, 0), (info.Subjects, info.Templates));
        Assert.Equal(GalleryModel.Of(Card), gallery.Model);
        Assert.Empty(gallery.List());
        Assert.Empty(gallery.ReadTemplates());
        Assert.Empty(gallery.LoadIndex().Search([1, 0, 0, 0], 5));
    }

    [Fact]
    public void What_is_enrolled_comes_back_unchanged()
    {
        using IGallery gallery = Create(Card);
        var created = new DateTimeOffset(2024, 2, 29, 12, 34, 56, 789, TimeSpan.FromHours(2));
        NewTemplate[] batch = [Face("Zoë 雪", 1, created), Face("O'Brien", 2), Face("Zoë 雪", 3)];
        EnrolmentOutcome outcome = gallery.Enrol(batch);
        Assert.Equal((3, 2), (outcome.Added, outcome.NewSubjects));
        Assert.Empty(outcome.AlreadyEnrolled);
        GalleryTemplate[] stored = [.. gallery.ReadTemplates()];
        Assert.Equal(batch.Select(b => b.Subject), stored.Select(s => s.Subject));
        Assert.Equal(batch.Select(b => b.Embedding), stored.Select(s => s.Embedding));
        Assert.Equal(batch.Select(b => b.Source), stored.Select(s => s.Source));
        Assert.Equal(batch.Select(b => b.Digest), stored.Select(s => s.Digest));
        Assert.Equal(created, stored[0].Created);
        Assert.InRange(stored[1].Created, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(stored[0].SubjectId, stored[2].SubjectId);
        Assert.True(stored[0].Id < stored[1].Id && stored[1].Id < stored[2].Id);
    }

    [Fact]
    public void The_same_image_is_enrolled_once_per_subject()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1)]);
        EnrolmentOutcome outcome = gallery.Enrol([Face("ann", 1), Face("bob", 1), Face("ann", 2), Face("ann", 2)]);
        Assert.Equal([0, 3], outcome.AlreadyEnrolled);
        Assert.Equal((2, 1), (outcome.Added, outcome.NewSubjects));
        Assert.Equal(3, gallery.Describe().Templates);
    }

    [Fact]
    public void It_tells_what_is_enrolled()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1)]);
        Assert.Equal(
            [true, false, false],
            gallery.AreEnrolled([new("ann", DigestOf(1)), new("ann", DigestOf(2)), new("bob", DigestOf(1))]));
    }

    [Fact]
    public void A_batch_with_one_bad_entry_leaves_nothing_behind()
    {
        using IGallery gallery = Create(Card);
        NewTemplate good = Face("ann", 1);
        Assert.Throws<SemblanceException>(() => gallery.Enrol([good, good with { Subject = "b", Embedding = [1, 2] }]));
        Assert.Throws<SemblanceException>(() => gallery.Enrol([good, good with { Subject = "b", Embedding = [1, 2, float.NaN, 3] }]));
        Assert.Throws<SemblanceException>(() => gallery.Enrol([good, good with { Subject = "b", Embedding = [0, 0, 0, 0] }]));
        Assert.Throws<SemblanceException>(() => gallery.Enrol([good, good with { Subject = "b", Digest = [1] }]));
        Assert.Throws<UsageException>(() => gallery.Enrol([good, good with { Subject = " b" }]));
        Assert.Throws<UsageException>(() => gallery.Enrol([good, good with { Subject = "b\nc" }]));
        Assert.Throws<UsageException>(() => gallery.Enrol([good, good with { Subject = new string('x', 257) }]));
        Assert.Equal((0, 0), (gallery.Describe().Subjects, gallery.Describe().Templates));
    }

    [Fact]
    public void A_batch_cancelled_half_way_leaves_nothing_behind()
    {
        using IGallery gallery = Create(Card);
        using var source = new CancellationTokenSource();
        IReadOnlyList<NewTemplate> batch = new CancellingList([.. Enumerable.Range(0, 20).Select(i => Face("ann", i))], 10, source);
        Assert.ThrowsAny<OperationCanceledException>(() => gallery.Enrol(batch, source.Token));
        Assert.Equal((0, 0), (gallery.Describe().Subjects, gallery.Describe().Templates));
    }

    [Fact]
    public void Subjects_are_listed_page_by_page()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([.. Enumerable.Range(0, 25).Select(i => Face($"s{i * 7 % 25:00}", i)), Face("s03", 99)]);
        var names = new List<string>();
        for (string? after = null; gallery.List(after, 10) is [.., var last] page; after = last.Name)
        {
            Assert.True(page.Count <= 10);
            names.AddRange(page.Select(s => s.Name));
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"s{i:00}"), names);
        Assert.Equal(2, gallery.List("s02", 1)[0].Templates);
    }

    [Fact]
    public void Removing_a_subject_removes_its_templates_and_no_others()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1), Face("bob", 2), Face("ann", 3)]);
        Assert.Equal(2, gallery.Remove("ann"));
        Assert.Equal("bob", Assert.Single(gallery.ReadTemplates()).Subject);
        Assert.Equal("bob", Assert.Single(gallery.List()).Name);
        Assert.Equal("bob", Assert.Single(gallery.LoadIndex().Search(Face("ann", 1).Embedding, 5)).Subject);
        Assert.Equal(1, gallery.Enrol([Face("ann", 1)]).Added);
    }

    [Fact]
    public void Removing_an_unknown_subject_suggests_a_known_one()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("Aaron_Eckhart", 1)]);
        Assert.Contains("did you mean 'Aaron_Eckhart'?", Assert.Throws<SemblanceException>(() => gallery.Remove("Aron_Eckhart")).Message);
    }

    [Fact]
    public void An_index_is_a_snapshot()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1)]);
        GalleryIndex index = gallery.LoadIndex();
        gallery.Remove("ann");
        gallery.Enrol([Face("bob", 2)]);
        Assert.Equal("ann", Assert.Single(index.Search(Face("ann", 1).Embedding, 5)).Subject);
        Assert.Equal("bob", Assert.Single(gallery.LoadIndex().Search(Face("ann", 1).Embedding, 5)).Subject);
    }

    [Fact]
    public void Reading_goes_on_undisturbed_while_others_write()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([.. Enumerable.Range(0, 50).Select(i => Face("ann", i))]);
        int read = 0;
        foreach (GalleryTemplate template in gallery.ReadTemplates())
        {
            if (read++ == 10)
            {
                gallery.Enrol([Face("bob", 1000)]);
                gallery.Remove("ann");
            }

            Assert.Equal("ann", template.Subject);
        }

        Assert.Equal(50, read);
        Assert.Equal(1, gallery.Describe().Templates);
    }

    [Fact]
    public async Task Many_threads_enrol_and_nothing_is_lost()
    {
        using IGallery gallery = Create(Card);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                gallery.Enrol([Face($"s{i}", (100 * t) + i)]);
                gallery.List();
            }
        })));
        Assert.Equal((10, 80), (gallery.Describe().Subjects, gallery.Describe().Templates));
    }

    private sealed class CancellingList(NewTemplate[] items, int at, CancellationTokenSource source) : IReadOnlyList<NewTemplate>
    {
        public int Count => items.Length;

        public NewTemplate this[int index]
        {
            get
            {
                if (index == at)
                {
                    source.Cancel();
                }

                return items[index];
            }
        }

        public IEnumerator<NewTemplate> GetEnumerator() => ((IEnumerable<NewTemplate>)items).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

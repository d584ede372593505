using Semblance.Numerics;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Contract;

/// <summary>Search in the store.</summary>
public abstract partial class GalleryContractTests
{
    [Fact]
    public void A_search_agrees_with_all_cosines_reckoned_one_by_one()
    {
        using IGallery gallery = Create(Card);
        NewTemplate[] faces = [.. Enumerable.Range(0, 200).Select(i => Face($"s{i % 40:00}", i))];
        gallery.Enrol(faces);
        NewTemplate[] probes = [.. Enumerable.Range(500, 20).Select(i => Face("probe", i))];
        SubjectMatch[][] found = gallery.Search([.. probes.SelectMany(p => p.Embedding)], probes.Length, 5);
        Assert.Equal(probes.Length, found.Length);
        for (int i = 0; i < probes.Length; i++)
        {
            (string Subject, float Cosine)[] expected =
            [
                .. faces.GroupBy(f => f.Subject)
                    .Select(g => (g.Key, g.Max(f => Similarity.Cosine(f.Embedding, probes[i].Embedding))))
                    .OrderByDescending(s => s.Item2).Take(5),
            ];
            Assert.Equal(expected.Select(e => e.Subject), found[i].Select(m => m.Subject));
            Assert.All(expected.Zip(found[i]), pair => Assert.Equal(pair.First.Cosine, pair.Second.Cosine, 1e-5f));
        }

        SubjectMatch best = found[0][0];
        Assert.Equal(gallery.Find(best.Subject)!.Id, best.SubjectId);
        GalleryTemplate template = gallery.ReadTemplates().Single(t => t.Id == best.TemplateId);
        Assert.Equal((best.Subject, best.Source), (template.Subject, template.Source));
        Assert.Equal(best.Cosine, Similarity.Cosine(template.Embedding, probes[0].Embedding), 1e-5f);
    }

    [Fact]
    public void A_search_sees_what_was_acknowledged_before_whoever_wrote_it()
    {
        using IGallery gallery = Create(Card);
        using IGallery other = Reopen(gallery);
        Assert.Empty(gallery.Search(Face("ann", 1).Embedding, 1, 3)[0]);
        other.Enrol([Face("ann", 1)]);
        Assert.Equal("ann", Nearest(gallery, Face("ann", 1)));
        gallery.Enrol([Face("bob", 2)]);
        Assert.Equal("bob", Nearest(other, Face("bob", 2)));
        other.Remove("bob");
        Assert.Equal("ann", Nearest(gallery, Face("bob", 2)));
        other.Enrol([Face("bob", 2), Face("carl", 3)]);
        Assert.Equal("carl", Nearest(gallery, Face("carl", 3)));
        Assert.Equal("bob", Nearest(gallery, Face("bob", 2)));
        other.Update("bob", new SubjectDetails { Metadata = new Dictionary<string, string> { ["site"] = "a" } });
        Assert.Equal("bob", Nearest(gallery, Face("carl", 3), Where("site", "a")));
    }

    [Fact]
    public void A_filter_lets_only_its_subjects_pass_however_few_they_are()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([.. Enumerable.Range(0, 300).Select(i => Face($"s{i:000}", i) with
        {
            Details = new SubjectDetails { Metadata = new Dictionary<string, string> { ["site"] = i % 100 == 7 ? "small" : "large", ["shift"] = $"{i % 2}" } },
        })]);
        NewTemplate probe = Face("probe", 1000);
        SubjectMatch[] small = gallery.Search(probe.Embedding, 1, 10, Where("site", "small"))[0];
        Assert.Equal(["s007", "s107", "s207"], small.Select(m => m.Subject).Order(StringComparer.Ordinal));
        Assert.True(small[0].Cosine >= small[1].Cosine && small[1].Cosine >= small[2].Cosine);
        Assert.Empty(gallery.Search(probe.Embedding, 1, 10, Where("site", "Small"))[0]);
        Assert.Empty(gallery.Search(probe.Embedding, 1, 10, Where("no-such-key", "small"))[0]);
        var both = new GalleryFilter { Metadata = new Dictionary<string, string> { ["site"] = "large", ["shift"] = "0" } };
        Assert.Equal(150, gallery.Search(probe.Embedding, 1, 300, both)[0].Length);
        Assert.Empty(gallery.Search(probe.Embedding, 1, 10, new GalleryFilter { Metadata = new Dictionary<string, string> { ["site"] = "small", ["shift"] = "0" } })[0]);
    }

    [Fact]
    public void A_threshold_cuts_the_list()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([.. Enumerable.Range(0, 100).Select(i => Face($"s{i:000}", i))]);
        float[] probe = Face("probe", 1000).Embedding;
        SubjectMatch[] all = gallery.Search(probe, 1, 100)[0];
        SubjectMatch[] near = gallery.Search(probe, 1, 100, new GalleryFilter { MinCosine = 0.5 })[0];
        Assert.Equal(all.Where(m => m.Cosine >= 0.5f), near);
        Assert.InRange(near.Length, 1, 99);
    }

    [Fact]
    public void A_person_of_many_templates_takes_one_place()
    {
        using IGallery gallery = Create(Card);
        NewTemplate ann = Face("ann", 1);
        gallery.Enrol([.. Enumerable.Range(0, 200).Select(i => ann with { Digest = DigestOf(1000 + i) }), Face("bob", 2), Face("carl", 3)]);
        SubjectMatch[] found = gallery.Search(ann.Embedding, 1, 3)[0];
        Assert.Equal(3, found.Length);
        Assert.Equal("ann", found[0].Subject);
        Assert.Equal(3, found.Select(m => m.Subject).Distinct().Count());
    }

    [Fact]
    public void Probes_that_are_no_numbers_are_refused()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1)]);
        Assert.ThrowsAny<ArgumentException>(() => gallery.Search([1, 2, 3], 1, 1));
        Assert.ThrowsAny<ArgumentException>(() => gallery.Search([1, float.NaN, 3, 4], 1, 1));
        Assert.ThrowsAny<ArgumentException>(() => gallery.Search([1, 2, 3, 4], 1, 0));
        Assert.Empty(gallery.Search([], 0, 1));
    }

    [Fact]
    public async Task Searching_goes_on_while_others_enrol_and_remove()
    {
        using IGallery gallery = Create(Card);
        NewTemplate rock = Face("rock", 1);
        gallery.Enrol([rock]);
        using var done = new CancellationTokenSource();
        Task<int>[] searching = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            int searches = 0;
            while (!done.IsCancellationRequested)
            {
                Assert.Equal("rock", Nearest(gallery, rock));
                searches++;
            }

            return searches;
        }))];
        for (int i = 0; i < 15; i++)
        {
            gallery.Enrol([Face($"s{i}", 100 + i)]);
            if (i % 2 == 0)
            {
                gallery.Remove($"s{i}");
            }
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(searching), searches => Assert.True(searches > 0));
        Assert.Equal(8, gallery.Describe().Subjects);
    }

    private static GalleryFilter Where(string key, string value) => new() { Metadata = new Dictionary<string, string> { [key] = value } };
}

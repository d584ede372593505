using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Contract;

/// <summary>Settings, external ids, metadata, last-seen times and expiry.</summary>
public abstract partial class GalleryContractTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_gallery_remembers_its_threshold()
    {
        using IGallery gallery = Create(Card);
        Assert.Equal(new GallerySettings(), gallery.Settings);
        gallery.Configure(new GallerySettings { Threshold = 0.4321 });
        Assert.Equal(0.4321, gallery.Settings.Threshold);
        using (IGallery again = Reopen(gallery))
        {
            Assert.Equal(new GallerySettings { Threshold = 0.4321 }, again.Settings);
            again.Configure(new GallerySettings());
        }

        using IGallery third = Reopen(gallery);
        Assert.Null(third.Settings.Threshold);
    }

    [Theory]
    [InlineData("cosine", 1.5)]
    [InlineData("cosine", double.NaN)]
    [InlineData("euclidean", 0.5)]
    public void Settings_out_of_range_are_refused(string metric, double threshold)
    {
        using IGallery gallery = Create(Card);
        Assert.Throws<UsageException>(() => gallery.Configure(new GallerySettings { Metric = metric, Threshold = threshold }));
        Assert.Equal(new GallerySettings(), gallery.Settings);
    }

    [Fact]
    public void Details_come_with_the_first_template_and_are_found_by_both_names()
    {
        using IGallery gallery = Create(Card);
        var details = new SubjectDetails
        {
            ExternalId = "HR-0042",
            Metadata = new Dictionary<string, string> { ["site"] = "Malmö", ["team"] = "" },
            Expires = Noon.AddYears(100),
        };
        gallery.Enrol([Face("ann", 1) with { Details = details }, Face("bob", 2), Face("ann", 3)]);
        using IGallery again = Reopen(gallery);
        foreach (IGallery one in (IGallery[])[gallery, again])
        {
            GallerySubject? ann = one.Find("ann");
            Assert.NotNull(ann);
            Assert.Equal(("HR-0042", 2, Noon.AddYears(100)), (ann.ExternalId, ann.Templates, ann.Expires));
            Assert.Equal(details.Metadata.OrderBy(m => m.Key), ann.Metadata.OrderBy(m => m.Key));
            Assert.Null(ann.LastSeen);
            Assert.Equal("ann", one.FindExternal("HR-0042")?.Name);
            Assert.Equal((null, 0), (one.Find("bob")!.ExternalId, one.Find("bob")!.Metadata.Count));
            Assert.Null(one.Find("Ann"));
            Assert.Null(one.FindExternal("hr-0042"));
        }

        Assert.Equal(["HR-0042", null], gallery.List().Select(s => s.ExternalId));
    }

    [Fact]
    public void An_update_changes_what_it_names_and_nothing_else()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1)]);
        gallery.Update("ann", new SubjectDetails { ExternalId = "7", Metadata = new Dictionary<string, string> { ["a"] = "1" }, Expires = Noon });
        gallery.Update("ann", new SubjectDetails { Metadata = new Dictionary<string, string> { ["b"] = "2" } });
        GallerySubject ann = gallery.Find("ann")!;
        Assert.Equal(("7", Noon), (ann.ExternalId, ann.Expires));
        Assert.Equal(("b", "2"), (Assert.Single(ann.Metadata).Key, ann.Metadata["b"]));
        gallery.Update("ann", new SubjectDetails { ExternalId = "", Metadata = new Dictionary<string, string>(), Expires = DateTimeOffset.MaxValue });
        ann = gallery.Find("ann")!;
        Assert.Equal((null, 0, null), (ann.ExternalId, ann.Metadata.Count, ann.Expires));
        Assert.Null(gallery.FindExternal("7"));
    }

    [Fact]
    public void An_external_id_belongs_to_one_subject()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1) with { Details = new SubjectDetails { ExternalId = "7" } }, Face("bob", 2)]);
        string message = Assert.Throws<UsageException>(() => gallery.Update("bob", new SubjectDetails { ExternalId = "7" })).Message;
        Assert.Contains("'7'", message);
        Assert.Contains("'ann'", message);
        Assert.Throws<UsageException>(() => gallery.Enrol([Face("carl", 3), Face("dora", 4) with { Details = new SubjectDetails { ExternalId = "7" } }]));
        Assert.Equal(["ann", "bob"], gallery.List().Select(s => s.Name));
        gallery.Update("ann", new SubjectDetails { ExternalId = "7" });
        gallery.Remove("ann");
        gallery.Update("bob", new SubjectDetails { ExternalId = "7" });
        Assert.Equal("bob", gallery.FindExternal("7")?.Name);
    }

    [Fact]
    public void Details_that_break_their_rules_are_refused_before_anything_is_written()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1)]);
        foreach (SubjectDetails bad in (SubjectDetails[])
        [
            new() { ExternalId = new string('x', 201) },
            new() { ExternalId = "a\nb" },
            new() { Metadata = new Dictionary<string, string> { ["Upper"] = "x" } },
            new() { Metadata = new Dictionary<string, string> { [""] = "x" } },
            new() { Metadata = new Dictionary<string, string> { ["a"] = new string('x', 1001) } },
            new() { Metadata = new Dictionary<string, string> { ["a"] = "\ud800" } },
            new() { Metadata = new Dictionary<string, string> { ["a"] = "\0" } },
            new() { Metadata = Enumerable.Range(0, 65).ToDictionary(i => $"k{i}", i => "v") },
        ])
        {
            Assert.Throws<UsageException>(() => gallery.Update("ann", bad));
            Assert.Throws<UsageException>(() => gallery.Enrol([Face("bob", 2) with { Details = bad }]));
        }

        Assert.Equal("ann", Assert.Single(gallery.List()).Name);
        Assert.Contains("did you mean 'ann'?", Assert.Throws<SemblanceException>(() => gallery.Update("anne", new SubjectDetails { ExternalId = "1" })).Message);
    }

    [Fact]
    public void A_sighting_moves_the_last_seen_time_forwards_only()
    {
        using IGallery gallery = Create(Card);
        gallery.Enrol([Face("ann", 1), Face("bob", 2)]);
        gallery.MarkSeen(["ann", "nobody"], Noon);
        gallery.MarkSeen(["ann"], Noon.AddHours(-1));
        Assert.Equal(Noon, gallery.Find("ann")!.LastSeen);
        Assert.Null(gallery.Find("bob")!.LastSeen);
        gallery.MarkSeen(["ann", "bob"], Noon.AddTicks(1));
        Assert.Equal([Noon.AddTicks(1), Noon.AddTicks(1)], gallery.List().Select(s => s.LastSeen!.Value));
        gallery.MarkSeen([], Noon);
    }

    [Fact]
    public void Who_has_expired_is_not_found_and_then_erased()
    {
        var clock = new TestClock(Noon);
        using IGallery gallery = Create(Card, new GalleryOptions { Clock = clock });
        NewTemplate ann = Face("ann", 1) with { Details = new SubjectDetails { Expires = Noon.AddHours(1) } };
        NewTemplate bob = Face("bob", 2) with { Details = new SubjectDetails { Expires = Noon.AddHours(2) } };
        gallery.Enrol([ann, bob, Face("carl", 3)]);
        Assert.Equal("ann", Nearest(gallery, ann));
        Assert.Empty(gallery.RemoveExpired(clock.Now));
        clock.Now = Noon.AddHours(1);
        Assert.NotEqual("ann", Nearest(gallery, ann));
        Assert.Equal(2, gallery.Search(ann.Embedding, 1, 5)[0].Length);
        Assert.Equal(3, gallery.Describe().Subjects);
        Assert.Equal(["ann"], gallery.RemoveExpired(clock.Now));
        Assert.Null(gallery.Find("ann"));
        Assert.DoesNotContain("ann", gallery.ReadTemplates().Select(t => t.Subject));
        gallery.Update("bob", new SubjectDetails { Expires = DateTimeOffset.MaxValue });
        clock.Now = Noon.AddYears(1);
        Assert.Empty(gallery.RemoveExpired(clock.Now));
        Assert.Equal("bob", Nearest(gallery, bob));
    }

    private static string Nearest(IGallery gallery, NewTemplate probe, GalleryFilter? filter = null) =>
        gallery.Search(probe.Embedding, 1, 1, filter)[0] is [SubjectMatch best, ..] ? best.Subject : "";
}

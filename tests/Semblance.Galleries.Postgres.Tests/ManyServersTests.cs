using Semblance.Galleries.Postgres.Tests.Servers;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres.Tests;

/// <summary>Several processes on one gallery: each has connections and an index of its own.</summary>
public sealed class ManyServersTests(NativeServer native)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_enrol_the_same_people_in_different_orders_and_each_face_is_there_once()
    {
        PostgresLocation location = native.NewGallery();
        var options = new GalleryOptions { Keys = Faces.NewKey() };
        NewTemplate[] people = Faces.People(120);
        EnrolmentOutcome[][] outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(server => Task.Run(
            () =>
            {
                using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), options);
                NewTemplate[] order = [.. people.OrderBy(_ => Random.Shared.Next())];
                return order.Chunk(7 + server).Select(batch => gallery.Enrol(batch, Cancel)).ToArray();
            },
            Cancel)));
        Assert.Equal(120, outcomes.Sum(o => o.Sum(e => e.Added)));
        Assert.Equal(120, outcomes.Sum(o => o.Sum(e => e.NewSubjects)));
        Assert.Equal(5 * 120, outcomes.Sum(o => o.Sum(e => e.AlreadyEnrolled.Count)));
        using PostgresGallery after = PostgresGallery.OpenExisting(location, options: options);
        GalleryTemplate[] templates = [.. after.ReadTemplates(Cancel)];
        Assert.Equal(120, templates.Select(t => t.Subject).Distinct().Count());
        Assert.Equal(templates.Select(t => t.Id).Order(), templates.Select(t => t.Id));
    }

    [Fact]
    public void What_one_has_acknowledged_the_others_find()
    {
        PostgresLocation location = native.NewGallery();
        var options = new GalleryOptions { Keys = Faces.NewKey() };
        using PostgresGallery one = PostgresGallery.Open(location, Faces.Model(), options);
        using PostgresGallery two = PostgresGallery.Open(location, Faces.Model(), options);
        one.Enrol(Faces.People(10), Cancel);
        Assert.Equal("person 00003", two.Search(Faces.Embedding(3), 1, 1)[0][0].Subject);
        one.Enrol([Faces.Template("Zoe", Faces.Embedding(99))], Cancel);
        Assert.Equal("Zoe", two.Search(Faces.Embedding(99), 1, 1)[0][0].Subject);
        one.Update("Zoe", new SubjectDetails { Expires = DateTimeOffset.UtcNow.AddDays(-1) });
        Assert.NotEqual("Zoe", two.Search(Faces.Embedding(99), 1, 1)[0][0].Subject);
        one.Remove("person 00003");
        Assert.DoesNotContain("person 00003", two.Search(Faces.Embedding(3), 1, 20)[0].Select(m => m.Subject));
        Assert.Null(two.Find("person 00003"));
    }

    [Fact]
    public async Task All_mark_the_same_people_seen_without_locking_each_other_out()
    {
        PostgresLocation location = native.NewGallery();
        var options = new GalleryOptions { Keys = Faces.NewKey() };
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), options);
        gallery.Enrol(Faces.People(60), Cancel);
        string[] names = [.. Faces.People(60).Select(t => t.Subject)];
        DateTimeOffset start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(server => Task.Run(
            () =>
            {
                for (int i = 0; i < 25; i++)
                {
                    gallery.MarkSeen([.. names.OrderBy(_ => Random.Shared.Next()).Take(40)], start.AddTicks((i * 8) + server));
                }
            },
            Cancel)));
        gallery.MarkSeen(names, start.AddTicks(25 * 8));
        gallery.MarkSeen(names, start);
        Assert.All(gallery.List(limit: 100), subject => Assert.Equal(start.AddTicks(25 * 8), subject.LastSeen));
    }

    [Fact]
    public async Task Searches_and_enrolments_go_on_while_the_keys_change()
    {
        PostgresLocation location = native.NewGallery();
        TemplateKeyRing old = Faces.NewKey(), changed = Faces.NewKey();
        using PostgresGallery changing = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = old });
        using PostgresGallery serving = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = old.With(changed) });
        changing.Enrol(Faces.People(1500), Cancel);
        Task<long> change = Task.Run(() => changing.ChangeKeys(changed, cancellationToken: Cancel), Cancel);
        int enrolled = 0;
        do
        {
            serving.Enrol(Faces.People(1, first: 2000 + enrolled++), Cancel);
            Assert.Equal("person 00042", serving.Search(Faces.Embedding(42), 1, 1)[0][0].Subject);
        }
        while (!change.IsCompleted);
        Assert.InRange(await change, 1500, 1500 + enrolled);
        using PostgresGallery after = PostgresGallery.OpenExisting(location, options: new GalleryOptions { Keys = changed });
        Assert.Equal(1500 + enrolled, after.ReadTemplates(Cancel).Count());
    }
}

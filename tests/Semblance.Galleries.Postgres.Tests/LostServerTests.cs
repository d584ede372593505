using Semblance.Galleries.Postgres.Tests.Servers;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres.Tests;

/// <summary>A server that is killed in the middle of an enrolment.</summary>
public sealed class LostServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_doing_it_again_completes()
    {
        Assert.SkipUnless(PgliteServer.Missing is null, PgliteServer.Missing ?? "");
        using PgliteServer server = PgliteServer.Start();
        PostgresLocation location = server.Gallery("people");
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model());
        NewTemplate[] people = Faces.People(4000);
        int acknowledged = 0;
        var begun = new TaskCompletionSource();
        Task<SemblanceException> enrolling = Task.Run(
            () => Assert.Throws<SemblanceException>(() =>
            {
                foreach (NewTemplate[] batch in people.Chunk(50))
                {
                    acknowledged += gallery.Enrol(batch, Cancel).Added;
                    if (acknowledged >= 200)
                    {
                        begun.TrySetResult();
                    }
                }
            }),
            Cancel);
        await begun.Task;
        server.Kill();
        SemblanceException lost = await enrolling;
        Assert.StartsWith($"gallery {location}", lost.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', lost.Message);
        Assert.InRange(acknowledged, 200, people.Length - 1);

        server.Restart();
        GalleryTemplate[] stored = [.. gallery.ReadTemplates(Cancel)];
        Assert.InRange(stored.Length, acknowledged, acknowledged + 50);
        Assert.Equal(people.Take(stored.Length).Select(t => t.Subject), stored.Select(t => t.Subject));
        Assert.All(people.Take(acknowledged).Zip(stored), pair => Assert.Equal(pair.First.Embedding, pair.Second.Embedding));

        NewTemplate[] some = people[..800];
        int again = some.Chunk(50).Sum(batch => gallery.Enrol(batch, Cancel).Added);
        Assert.Equal(Math.Max(0, some.Length - stored.Length), again);
        Assert.True(gallery.AreEnrolled([.. some.Select(t => new TemplateKey(t.Subject, t.Digest))]).All(enrolled => enrolled));
        Assert.Equal("person 00799", gallery.Search(people[799].Embedding, 1, 1, null, Cancel)[0][0].Subject);
    }

    [Fact]
    public async Task A_change_of_keys_that_was_broken_off_is_finished_by_doing_it_again()
    {
        Assert.SkipUnless(PgliteServer.Missing is null, PgliteServer.Missing ?? "");
        using PgliteServer server = PgliteServer.Start();
        PostgresLocation location = server.Gallery("people");
        var keys = Faces.NewKey();
        NewTemplate[] people = Faces.People(1500);
        using (PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model()))
        {
            foreach (NewTemplate[] batch in people.Chunk(500))
            {
                gallery.Enrol(batch, Cancel);
            }

            var begun = new TaskCompletionSource();
            var progress = new Told(done =>
            {
                if (done >= 512)
                {
                    begun.TrySetResult();
                    Thread.Sleep(200);
                }
            });
            Task<SemblanceException> changing = Task.Run(() => Assert.Throws<SemblanceException>(() => { gallery.ChangeKeys(keys, progress, Cancel); }), Cancel);
            await begun.Task;
            server.Kill();
            await changing;
        }

        server.Restart();
        using PostgresGallery after = PostgresGallery.OpenExisting(location, options: new GalleryOptions { Keys = keys });
        Assert.False(after.IsEncrypted);
        Assert.Equal("person 00777", after.Search(people[777].Embedding, 1, 1, null, Cancel)[0][0].Subject);
        Assert.InRange(after.ChangeKeys(keys, cancellationToken: Cancel), 1, 1500 - 512);
        Assert.True(after.IsEncrypted);
        Assert.Equal(people.Select(t => t.Subject), after.ReadTemplates(Cancel).Select(t => t.Subject));
    }

    private sealed class Told(Action<long> told) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => told(value.Done);
    }
}

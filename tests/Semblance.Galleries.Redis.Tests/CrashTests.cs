using System.Globalization;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis.Tests;

public sealed class CrashTests(GarnetHost server)
{
    private const int Batch = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_killed_writer_leaves_whole_batches_and_loses_none_that_were_acknowledged(int shards)
    {
        string location = server.NewLocation($"?shards={shards}");
        for (int round = 0; round < 2; round++)
        {
            using OtherProcess writer = OtherProcess.Start(OtherProcess.Enrol, location, Batch.ToString(CultureInfo.InvariantCulture));
            string acknowledged = writer.WaitFor($"enrolled {(round * 3) + 2}");
            Thread.Sleep(round * 7);
            acknowledged = writer.Kill().LastOrDefault(line => line.StartsWith("enrolled ", StringComparison.Ordinal)) ?? acknowledged;
            int last = int.Parse(acknowledged["enrolled ".Length..], CultureInfo.InvariantCulture);

            using RedisGallery gallery = RedisGallery.OpenExisting(location);
            Assert.Equal(1, gallery.Enrol([Faces.New($"after {round}", 1_000_000 + round)]).Added);
            GalleryTemplate[] stored = [.. gallery.ReadTemplates().Where(t => t.Subject[0] == 'p')];
            int[] batches = [.. stored.Select(t => int.Parse(t.Subject[1..t.Subject.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture))];
            Assert.All(batches.CountBy(b => b), batch => Assert.Equal(Batch, batch.Value));
            Assert.Equal(Enumerable.Range(0, last + 1), batches.Distinct().Order().Take(last + 1));
            Assert.Equal(stored.Length, stored.Select(t => Convert.ToHexString(t.Digest)).Distinct().Count());

            float[] probes = [.. stored.SelectMany(t => t.Embedding)];
            Assert.Equal(stored.Select(t => t.Id), gallery.Search(probes, stored.Length, 1).Select(m => m[0].TemplateId));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_killed_server_keeps_what_was_acknowledged_and_the_rest_is_done_again(int shards)
    {
        string folder = Directory.CreateTempSubdirectory("semblance-garnet-").FullName;
        int port = GarnetHost.FreePort();
        string location = $"redis://127.0.0.1:{port}/g?shards={shards}";
        NewTemplate[][] batches = [.. Enumerable.Range(0, 400).Select(b => Enumerable.Range(0, Batch).Select(i => Faces.New($"p{b}-{i % 5}", (b * Batch) + i)).ToArray())];
        try
        {
            int acknowledged = 0;
            OtherProcess process = OtherProcess.StartServer(port, folder);
            using (RedisGallery gallery = RedisGallery.Open(location, Faces.Model, new GalleryOptions { BusyTimeoutSeconds = 5 }))
            {
                Task kill = Task.Run(() =>
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref acknowledged) >= 6, TimeSpan.FromSeconds(60));
                    Thread.Sleep(3);
                    process.Dispose();
                });
                var e = Assert.Throws<SemblanceException>(() =>
                {
                    foreach (NewTemplate[] batch in batches)
                    {
                        gallery.Enrol(batch);
                        Interlocked.Increment(ref acknowledged);
                    }
                });
                await kill;
                Assert.DoesNotContain('\n', e.Message);
                Assert.Contains("acknowledged", e.Message, StringComparison.Ordinal);
            }

            using OtherProcess again = OtherProcess.StartServer(port, folder);
            using RedisGallery reopened = RedisGallery.OpenExisting(location);
            GalleryTemplate[] stored = [.. reopened.ReadTemplates()];
            Assert.True(stored.Length >= acknowledged * Batch && stored.Length % Batch == 0, $"{stored.Length} stored, {acknowledged} batches acknowledged");
            for (int b = 0; b <= acknowledged; b++)
            {
                reopened.Enrol(batches[b]);
            }

            Assert.Equal((acknowledged + 1) * Batch, (int)reopened.Describe().Templates);
            NewTemplate[] all = [.. batches.Take(acknowledged + 1).SelectMany(b => b)];
            SubjectMatch[][] found = reopened.Search([.. all.SelectMany(t => t.Embedding)], all.Length, 1);
            Assert.Equal(all.Select(t => t.Subject), found.Select(m => m[0].Subject));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_server_that_hangs_is_given_up_in_time_and_the_rest_is_done_again()
    {
        string folder = Directory.CreateTempSubdirectory("semblance-garnet-").FullName;
        int port = GarnetHost.FreePort();
        try
        {
            using OtherProcess process = OtherProcess.StartServer(port, folder);
            using RedisGallery gallery = RedisGallery.Open($"redis://127.0.0.1:{port}/g?timeout=2", Faces.Model);
            gallery.Enrol([Faces.New("ann", 1)]);
            process.Hang(true);
            var e = Assert.Throws<SemblanceException>(() => gallery.Enrol([Faces.New("bob", 2)]));
            Assert.DoesNotContain('\n', e.Message);
            Assert.Contains("acknowledged", e.Message, StringComparison.Ordinal);
            process.Hang(false);
            EnrolmentOutcome outcome = gallery.Enrol([Faces.New("bob", 2)]);
            Assert.Equal(1, outcome.Added + outcome.AlreadyEnrolled.Count);
            Assert.Equal(["ann", "bob"], gallery.Search(Faces.Embedding(2), 1, 2)[0].Select(m => m.Subject).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_search_on_a_server_that_hangs_can_be_cancelled()
    {
        string folder = Directory.CreateTempSubdirectory("semblance-garnet-").FullName;
        int port = GarnetHost.FreePort();
        try
        {
            using OtherProcess process = OtherProcess.StartServer(port, folder);
            using RedisGallery gallery = RedisGallery.Open($"redis://127.0.0.1:{port}/g?timeout=600", Faces.Model);
            gallery.Enrol([Faces.New("ann", 1)]);
            process.Hang(true);
            using var soon = new CancellationTokenSource(300);
            Assert.ThrowsAny<OperationCanceledException>(() => gallery.Search(Faces.Embedding(1), 1, 1, cancellationToken: soon.Token));
            process.Hang(false);
            Assert.Equal("ann", gallery.Search(Faces.Embedding(1), 1, 1)[0][0].Subject);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Redis_that_is_killed_keeps_what_was_acknowledged()
    {
        using RedisProcess redis = RedisProcess.StartOrSkip();
        var options = new GalleryOptions { Keys = Faces.NewKeys() };
        using RedisGallery gallery = RedisGallery.Open(redis.Location("g"), Faces.Model, options);
        int acknowledged = 0;
        Task kill = Task.Run(
            () =>
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref acknowledged) >= 8, TimeSpan.FromSeconds(60));
                redis.Kill();
            },
            TestContext.Current.CancellationToken);
        var e = Assert.Throws<SemblanceException>(() =>
        {
            for (int b = 0; b < 100_000; b++)
            {
                gallery.Enrol([.. Enumerable.Range(0, Batch).Select(i => Faces.New($"p{b}", (b * Batch) + i))]);
                Interlocked.Increment(ref acknowledged);
            }
        });
        await kill;
        Assert.Contains("acknowledged", e.Message, StringComparison.Ordinal);
        redis.Start();
        using RedisGallery again = RedisGallery.OpenExisting(redis.Location("g"), options: options);
        long stored = again.Describe().Templates;
        Assert.True(stored >= acknowledged * Batch && stored % Batch == 0, $"{stored} stored, {acknowledged} batches acknowledged");
        Assert.Equal(stored, again.LoadIndex().TemplateCount);
    }

    [Fact]
    public void Redis_whose_memory_is_full_stores_nothing_of_a_batch()
    {
        using RedisProcess redis = RedisProcess.StartOrSkip();
        var options = new GalleryOptions { Keys = Faces.NewKeys() };
        using RedisGallery gallery = RedisGallery.Open(redis.Location("g"), Faces.Model, options);
        gallery.Enrol([Faces.New("ann", 1)]);
        using ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"127.0.0.1:{redis.Port},allowAdmin=true");
        IServer server = connection.GetServers()[0];
        server.ConfigSet("maxmemory", "1mb");
        var e = Assert.Throws<SemblanceException>(() => gallery.Enrol([.. Enumerable.Range(2, 50).Select(i => Faces.New($"p{i}", i))]));
        Assert.Contains("maxmemory", e.Message, StringComparison.Ordinal);
        server.ConfigSet("maxmemory", "100mb");
        Assert.Equal(1, gallery.Describe().Templates);
        Assert.Equal(50, gallery.Enrol([.. Enumerable.Range(2, 50).Select(i => Faces.New($"p{i}", i))]).Added);
        server.ConfigSet("maxmemory-policy", "allkeys-lru");
        using RedisGallery warned = RedisGallery.OpenExisting(redis.Location("g"), options: options);
        Assert.Contains("noeviction", Assert.Single(warned.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gallery_goes_on_once_its_server_is_back()
    {
        using var own = new GarnetHost();
        using RedisGallery gallery = RedisGallery.Open(own.NewLocation(), Faces.Model, new GalleryOptions { BusyTimeoutSeconds = 5 });
        gallery.Enrol([Faces.New("ann", 1)]);
        own.Stop();
        Assert.Throws<SemblanceException>(() => gallery.Enrol([Faces.New("bob", 2)]));
        Assert.Throws<SemblanceException>(() => gallery.Search(Faces.Embedding(1), 1, 1));
        own.Start();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    return gallery.Enrol([Faces.New("bob", 2)]) is { Added: 1 } or { AlreadyEnrolled.Count: 1 };
                }
                catch (SemblanceException)
                {
                    Thread.Sleep(200);
                    return false;
                }
            },
            TimeSpan.FromSeconds(60)));
        Assert.Equal(["ann", "bob"], gallery.List().Select(s => s.Name));
        Assert.Equal("bob", gallery.Search(Faces.Embedding(2), 1, 1)[0][0].Subject);
    }
}

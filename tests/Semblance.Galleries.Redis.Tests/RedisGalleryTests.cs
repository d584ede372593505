using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis.Tests;

public sealed class RedisGalleryTests(GarnetHost server)
{
    [Fact]
    public void A_server_that_logs_gives_no_cause_to_warn()
    {
        using RedisGallery gallery = RedisGallery.Open(server.NewLocation(), Faces.Model);
        Assert.Empty(gallery.Warnings);
    }

    [Fact]
    public void A_server_without_a_log_is_warned_of()
    {
        using var forgetful = new GarnetHost(vectorSets: true, log: false);
        using RedisGallery gallery = RedisGallery.Open(forgetful.NewLocation(), Faces.Model);
        Assert.Contains("--aof", Assert.Single(gallery.Warnings), StringComparison.Ordinal);
        gallery.Enrol([Faces.New("ann", 1)]);
        Assert.Equal(1, gallery.Remove("ann"));
    }

    [Fact]
    public void A_server_without_vector_sets_is_refused_unless_the_gallery_is_encrypted()
    {
        using var plain = new GarnetHost(vectorSets: false, log: true);
        string location = plain.NewLocation();
        var e = Assert.Throws<SemblanceException>(() => RedisGallery.Open(location, Faces.Model));
        Assert.Contains("--enable-vector-set-preview", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        using RedisGallery gallery = RedisGallery.Open(location, Faces.Model, new GalleryOptions { Keys = Faces.NewKeys() });
        gallery.Enrol([Faces.New("ann", 1), Faces.New("bob", 2)]);
        Assert.Equal("bob", gallery.Search(Faces.Embedding(2), 1, 1)[0][0].Subject);
        Assert.Throws<SemblanceException>(() => gallery.ChangeKeys(null));
        Assert.True(gallery.IsEncrypted);
    }

    [Fact]
    public void A_wrong_password_is_told_in_one_line_that_does_not_show_it()
    {
        using var guarded = new GarnetHost(vectorSets: true, log: true, "--auth", "Password", "--password", "right");
        string open = guarded.NewLocation();
        string Location(string account) => open.Replace("redis://", $"redis://{account}@", StringComparison.Ordinal);
        foreach (string location in (string[])[open, Location(":wrong"), Location("ann:wrong")])
        {
            var e = Assert.Throws<SemblanceException>(() => RedisGallery.Open(location, Faces.Model));
            Assert.Contains("refuses user or password", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }

        using RedisGallery gallery = RedisGallery.Open(Location(":right"), Faces.Model);
        Assert.DoesNotContain("right", gallery.Location, StringComparison.Ordinal);
        Assert.Equal(1, gallery.Enrol([Faces.New("ann", 1)]).Added);
    }

    [Fact]
    public void The_environment_holds_the_password_where_the_location_does_not()
    {
        using var guarded = new GarnetHost(vectorSets: true, log: true, "--auth", "Password", "--password", "right");
        string location = guarded.NewLocation();
        using OtherProcess writer = OtherProcess.Start(new Dictionary<string, string> { [RedisLocation.PasswordVariable] = "right" }, OtherProcess.Enrol, location, "3");
        writer.WaitFor("enrolled 0");
        writer.Kill();
        using RedisGallery gallery = RedisGallery.OpenExisting(location.Replace("redis://", "redis://:right@", StringComparison.Ordinal));
        Assert.True(gallery.Describe().Templates >= 3);
    }

    [Fact]
    public void A_password_that_nobody_asks_for_is_never_shown()
    {
        string location = server.NewLocation().Replace("redis://", "redis://ann:hush@", StringComparison.Ordinal);
        var e = Record.Exception(() => RedisGallery.Open(location, Faces.Model).Dispose());
        Assert.True(e is null or SemblanceException, e?.ToString());
        Assert.DoesNotContain("hush", e?.Message ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e?.Message ?? "");
    }

    [Fact]
    public void Databases_of_a_server_are_kept_apart()
    {
        string location = server.NewLocation();
        using RedisGallery first = RedisGallery.Open(location, Faces.Model), other = RedisGallery.Open(location + "?db=3", Faces.Model);
        other.Enrol([Faces.New("ann", 1)]);
        Assert.Equal((0, 1), (first.Describe().Templates, other.Describe().Templates));
        using RedisGallery again = RedisGallery.OpenExisting(other.Location);
        Assert.Equal("ann", again.Search(Faces.Embedding(1), 1, 1)[0][0].Subject);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_in_one_line()
    {
        var e = Assert.Throws<SemblanceException>(() => RedisGallery.Open($"redis://127.0.0.1:{GarnetHost.FreePort()}/g", Faces.Model));
        Assert.Contains("cannot be reached", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_gallery_of_a_newer_program_is_refused()
    {
        string location = server.NewLocation();
        RedisGallery.Open(location, Faces.Model).Dispose();
        server.Connection.GetDatabase().HashSet($"semblance:{{{RedisLocation.Parse(location).Gallery}}}:meta", "schema_version", GalleryMeta.SchemaVersion + 1);
        Assert.Contains("update Semblance", Assert.Throws<SemblanceException>(() => RedisGallery.OpenExisting(location)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_model_another_number_of_shards_and_a_missing_gallery_are_refused()
    {
        string location = server.NewLocation();
        Assert.Contains("missing", Assert.Throws<SemblanceException>(() => RedisGallery.OpenExisting(location)).Message, StringComparison.Ordinal);
        RedisGallery.Open(location + "?shards=3", Faces.Model).Dispose();
        Assert.Throws<SemblanceException>(() => RedisGallery.Open(location, Faces.Model with { Fingerprint = "ff" }));
        Assert.Contains("3 shards, not 2", Assert.Throws<SemblanceException>(() => RedisGallery.Open(location + "?shards=2", Faces.Model)).Message, StringComparison.Ordinal);
        using RedisGallery gallery = RedisGallery.OpenExisting(location);
        Assert.Equal((3, Faces.Model), (gallery.Shards, gallery.Model));
    }

    [Fact]
    public void A_key_of_another_program_is_left_alone()
    {
        string location = server.NewLocation();
        RedisKey key = $"semblance:{{{RedisLocation.Parse(location).Gallery}}}:meta";
        server.Connection.GetDatabase().StringSet(key, "theirs");
        Assert.Contains("another program", Assert.Throws<SemblanceException>(() => RedisGallery.Open(location, Faces.Model)).Message, StringComparison.Ordinal);
        Assert.Equal("theirs", server.Connection.GetDatabase().StringGet(key));
    }

    [Fact]
    public void A_hash_of_another_program_is_left_alone()
    {
        string location = server.NewLocation();
        RedisKey key = $"semblance:{{{RedisLocation.Parse(location).Gallery}}}:meta";
        server.Connection.GetDatabase().HashSet(key, "theirs", 1);
        Assert.Contains("another program", Assert.Throws<SemblanceException>(() => RedisGallery.Open(location, Faces.Model)).Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Connection.GetDatabase().HashLength(key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_gallery_is_made_among_the_keys_of_one_that_has_lost_its_first(int shards)
    {
        string location = server.NewLocation($"?shards={shards}");
        using (RedisGallery gallery = RedisGallery.Open(location, Faces.Model))
        {
            gallery.Enrol([Faces.New("ann", 1)]);
            server.Connection.GetDatabase().KeyDelete($"semblance:{{{RedisLocation.Parse(location).Gallery}}}:meta");
            Assert.Contains("is gone", Assert.Throws<SemblanceException>(() => gallery.Enrol([Faces.New("bob", 2)])).Message, StringComparison.Ordinal);
        }

        Assert.Contains("has lost its key", Assert.Throws<SemblanceException>(() => RedisGallery.Open(location, Faces.Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_writer_that_does_not_finish_is_waited_for_and_then_told_of()
    {
        string location = server.NewLocation();
        using RedisGallery gallery = RedisGallery.Open(location, Faces.Model, new GalleryOptions { BusyTimeoutSeconds = 1 });
        RedisKey turn = $"semblance:{{{RedisLocation.Parse(location).Gallery}}}:turn";
        server.Connection.GetDatabase().StringSet(turn, "somebody", TimeSpan.FromSeconds(30));
        Assert.Contains("written by others", Assert.Throws<SemblanceException>(() => gallery.Enrol([Faces.New("ann", 1)])).Message, StringComparison.Ordinal);
        using RedisGallery patient = RedisGallery.Open(location, Faces.Model);
        using var soon = new CancellationTokenSource(200);
        Assert.ThrowsAny<OperationCanceledException>(() => patient.Enrol([Faces.New("ann", 1)], soon.Token));
        server.Connection.GetDatabase().StringSet(turn, "somebody", TimeSpan.FromMilliseconds(300));
        Assert.Equal(1, gallery.Enrol([Faces.New("ann", 1)]).Added);
    }

    [Fact]
    public void A_writer_whose_turn_has_passed_to_another_changes_nothing()
    {
        string location = server.NewLocation();
        using RedisGallery gallery = RedisGallery.Open(location, Faces.Model);
        RedisKey turn = $"semblance:{{{RedisLocation.Parse(location).Gallery}}}:turn";
        NewTemplate[] batch = [Faces.New("ann", 1), Faces.New("bob", 2)];
        var clock = new Interrupting(() => server.Connection.GetDatabase().StringSet(turn, "another", TimeSpan.FromMilliseconds(200)));
        using RedisGallery sleeper = RedisGallery.Open(location, Faces.Model, new GalleryOptions { Clock = clock });
        clock.Armed = true;
        Assert.Contains("nothing of this batch", Assert.ThrowsAny<SemblanceException>(() => sleeper.Enrol(batch)).Message, StringComparison.Ordinal);
        Assert.Equal(0, gallery.Describe().Templates);

        // Once is made good without a word.
        clock.Once = true;
        Assert.Equal(2, sleeper.Enrol(batch).Added);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Many_writers_at_once_enrol_every_image_once(int shards)
    {
        string location = server.NewLocation($"?shards={shards}");
        RedisGallery[] galleries = [.. Enumerable.Range(0, 3).Select(_ => RedisGallery.Open(location, Faces.Model))];
        int added = 0;
        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i =>
        {
            // Every batch comes twice, to two connections, and all share a subject.
            NewTemplate[] batch = [.. Enumerable.Range(0, 10).Select(k => Faces.New(k == 0 ? "shared" : $"p{k}", (i / 2 * 10) + k))];
            Interlocked.Add(ref added, galleries[i % 3].Enrol(batch).Added);
        });
        Assert.Equal(120, added);
        GalleryTemplate[] stored = [.. galleries[0].ReadTemplates()];
        Assert.Equal(120, stored.Select(t => (t.Subject, Convert.ToHexString(t.Digest))).Distinct().Count());
        Assert.Equal(120, stored.Length);
        Assert.Equal(10, galleries[0].List().Count);
        Assert.Equal(10, stored.Select(t => t.SubjectId).Distinct().Count());
        foreach (RedisGallery gallery in galleries)
        {
            gallery.Dispose();
        }
    }

    [Fact]
    public void Changes_that_a_dead_writer_has_spread_over_some_shards_only_are_finished_by_the_next()
    {
        string location = server.NewLocation("?shards=4");
        using RedisGallery gallery = RedisGallery.Open(location, Faces.Model);
        gallery.Enrol([Faces.New("ann", 1)]);

        // What a batch leaves when its writer dies after the intent: the state before it, and the intent.
        string name = RedisLocation.Parse(location).Gallery;
        var keys = new GalleryKeys(name, 4);
        IDatabase database = server.Connection.GetDatabase();
        long number = (long)database.HashGet(keys.Meta, "sequence") + 1;
        var changes = new Changes(keys);
        foreach (ShardKeys shard in keys.Shards)
        {
            changes.Shard(shard, "SADD", shard.Tag("t"), 7);
            changes.Shard(shard, "HINCRBY", shard.Tag("count"), "n", 1);
        }

        changes.Meta("sequence", number);
        database.StringSet(keys.Intent, changes.ToBytes(number));
        database.StringSet(keys.IntentNumber, number);

        // Two of the shards have made their part.
        foreach (ShardKeys shard in keys.Shards.Take(2))
        {
            database.HashIncrement(shard.Tag("count"), "n");
            database.StringSet(shard.Applied, number);
        }

        gallery.Enrol([Faces.New("bob", 2)]);
        Assert.All(keys.Shards, shard => Assert.Equal(1, (int)database.HashGet(shard.Tag("count"), "n")));
        Assert.All(keys.Shards.Skip(2), shard => Assert.True(database.SetContains(shard.Tag("t"), 7)));
        Assert.False(database.KeyExists(keys.Intent) || database.KeyExists(keys.IntentNumber));
        Assert.Equal(2, gallery.Describe().Templates);
    }

    private sealed class Interrupting(Action what) : TimeProvider
    {
        public bool Armed { get; set; }

        public bool Once { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            if (Armed)
            {
                what();
                Armed = !Once;
            }

            return base.GetUtcNow();
        }
    }
}

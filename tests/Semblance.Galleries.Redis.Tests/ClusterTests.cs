using System.Globalization;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis.Tests;

public sealed class ClusterTests
{
    private const int Slots = 16384;

    [Fact]
    public void Shards_spread_over_the_machines_of_a_cluster_and_are_searched_as_one()
    {
        using var one = new GarnetHost(vectorSets: true, log: true, "--cluster");
        using var two = new GarnetHost(vectorSets: true, log: true, "--cluster");
        Join(one, two);
        string location = $"redis://127.0.0.1:{one.Port},127.0.0.1:{two.Port}/staff";
        using RedisGallery gallery = RedisGallery.Open(location + "?shards=8", Faces.Model);
        NewTemplate[] batch = [.. Enumerable.Range(0, 300).Select(i => Faces.New($"p{i % 100}", i))];
        Assert.Equal(300, gallery.Enrol(batch).Added);
        Assert.All((GarnetHost[])[one, two], host => Assert.True(Keys(host) > 100, $"{Keys(host)} keys"));

        SubjectMatch[][] found = gallery.Search([.. batch.SelectMany(t => t.Embedding)], batch.Length, 1);
        Assert.Equal(batch.Select(t => t.Subject), found.Select(m => m[0].Subject));
        Assert.Equal(batch.Select(t => t.Source), gallery.ReadTemplates().Select(t => t.Source));
        Assert.Equal(100, gallery.List().Count);
        Assert.Equal(3, gallery.Remove("p7"));
        using RedisGallery again = RedisGallery.OpenExisting(location);
        Assert.Equal((99, 297), ((int)again.Describe().Subjects, (int)again.Describe().Templates));
        Assert.NotEqual("p7", again.Search(batch[7].Embedding, 1, 1)[0][0].Subject);
    }

    private static void Join(GarnetHost one, GarnetHost two)
    {
        IServer first = one.Connection.GetServers()[0], second = two.Connection.GetServers()[0];
        first.Execute("CLUSTER", "ADDSLOTSRANGE", 0, (Slots / 2) - 1);
        second.Execute("CLUSTER", "ADDSLOTSRANGE", Slots / 2, Slots - 1);
        first.Execute("CLUSTER", "SET-CONFIG-EPOCH", 1);
        second.Execute("CLUSTER", "SET-CONFIG-EPOCH", 2);
        first.Execute("CLUSTER", "MEET", "127.0.0.1", two.Port.ToString(CultureInfo.InvariantCulture));
        Assert.True(SpinWait.SpinUntil(
            () => ((GarnetHost[])[one, two]).All(host => Info(host).Contains("cluster_known_nodes:2", StringComparison.Ordinal)
                && Info(host).Contains($"cluster_slots_assigned:{Slots}", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30)), Info(one) + Info(two));
    }

    private static string Info(GarnetHost host) => (string)host.Connection.GetServers()[0].Execute("CLUSTER", "INFO")!;

    private static long Keys(GarnetHost host) => (long)host.Connection.GetServers().First(s => s.EndPoint.ToString()!.EndsWith($":{host.Port}", StringComparison.Ordinal)).Execute("DBSIZE");
}

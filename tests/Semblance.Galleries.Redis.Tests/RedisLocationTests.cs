using System.Net;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis.Tests;

public sealed class RedisLocationTests
{
    [Fact]
    public void A_location_is_read_in_all_its_parts_and_shown_without_the_password()
    {
        RedisLocation location = RedisLocation.Parse("rediss://ann:s%40cret@one:7000,two,[::1]:7002/staff?shards=7&db=3&timeout=9");
        Assert.Equal("rediss://one:7000,two:6379,[::1]:7002/staff?db=3", location.ToString());
        Assert.Equal(("staff", 7, 3), (location.Gallery, location.Shards, location.Database));
        ConfigurationOptions options = location.ToOptions();
        Assert.Equal(("ann", "s@cret", true, 9000), (options.User, options.Password, options.Ssl, options.SyncTimeout));
        Assert.Equal([new DnsEndPoint("one", 7000), new DnsEndPoint("two", 6379), new IPEndPoint(IPAddress.IPv6Loopback, 7002)], options.EndPoints);
    }

    [Fact]
    public void A_password_alone_needs_no_user()
    {
        ConfigurationOptions options = RedisLocation.Parse("redis://:pw@h/g").ToOptions();
        Assert.Equal((null, "pw", false), (options.User, options.Password, options.Ssl));
        Assert.Equal("pw", RedisLocation.Parse("redis://pw@h/g").ToOptions().Password);
    }

    [Fact]
    public void Encryption_of_the_way_is_asked_for_in_either_place()
    {
        Assert.True(RedisLocation.Parse("redis://h/g?ssl=true").ToOptions().Ssl);
        Assert.Equal("rediss://h:6379/g", RedisLocation.Parse("redis://h/g?ssl=true").ToString());
        Assert.False(RedisLocation.Parse("rediss://h/g?ssl=false").ToOptions().Ssl);
    }

    [Theory]
    [InlineData("redis://h", "names no gallery")]
    [InlineData("redis:///g", "names no host")]
    [InlineData("redis://h:0/g", "port")]
    [InlineData("redis://h:x/g", "port")]
    [InlineData("redis://h/g?db=x", "db is 'x'")]
    [InlineData("redis://h/g?timeout=0", "1 to 600")]
    [InlineData("redis://h/g?ssl=maybe", "ssl is 'maybe'")]
    [InlineData("redis://h/", "names no gallery")]
    [InlineData("redis://h/a/b", "name has 1 to 64")]
    [InlineData("redis://h/{g}", "name has 1 to 64")]
    [InlineData("redis://h/g?shards=0", "1 to 1024")]
    [InlineData("redis://h/g?shards=1025", "1 to 1024")]
    [InlineData("redis://h/g?shard=2", "no setting 'shard'")]
    [InlineData("faces.db", "does not begin")]
    public void A_wrong_location_is_refused_with_what_is_wrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => RedisLocation.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("redis://ann:hush@h:x/g")]
    [InlineData("redis://ann:hush@h")]
    [InlineData("redis://ann:hu@sh@/g")]
    [InlineData("redis://ann:hu?sh@h:x/g")]
    [InlineData("redis://ann:hu/sh@h/g?shards=0")]
    public void No_message_shows_a_password(string text) =>
        Assert.DoesNotContain("hu", Assert.Throws<UsageException>(() => RedisLocation.Parse(text)).Message, StringComparison.Ordinal);
}

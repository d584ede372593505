namespace Semblance.Galleries.Postgres.Tests;

public sealed class PostgresLocationTests
{
    [Fact]
    public void A_url_names_server_database_gallery_and_index()
    {
        PostgresLocation location = PostgresLocation.Parse("postgres://ann:se%40cret@db.example:6543/faces?gallery=staff&m=24&ef_construction=200&ef_search=80&sslmode=require");
        Assert.Equal("staff", location.Gallery);
        Assert.Equal(new HnswParameters { Links = 24, BuildWidth = 200, SearchWidth = 80 }, location.Hnsw);
        Assert.Equal("postgres://ann@db.example:6543/faces?gallery=staff", location.Display);
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(location.ConnectionString(77));
        Assert.Equal(("db.example", 6543, "faces", "ann", "se@cret", 77), (connection.Host, connection.Port, connection.Database, connection.Username, connection.Password, connection.CommandTimeout));
        Assert.Equal(Npgsql.SslMode.Require, connection.SslMode);
    }

    [Fact]
    public void A_connection_string_does_as_well()
    {
        PostgresLocation location = PostgresLocation.Parse("Host=db;Username=ann;Password=secret;Database=faces;Gallery=staff;Maximum Pool Size=5");
        Assert.Equal("postgres://ann@db:5432/faces?gallery=staff", location.Display);
        Assert.Equal(5, new Npgsql.NpgsqlConnectionStringBuilder(location.ConnectionString(30)).MaxPoolSize);
    }

    [Theory]
    [InlineData("postgres://db/faces", true)]
    [InlineData("PostgreSQL://db/faces", true)]
    [InlineData("Username=ann; Host=db", true)]
    [InlineData("people.db", false)]
    [InlineData("folder/host=1/people.db", false)]
    [InlineData("redis://db/faces", false)]
    public void Knows_its_own(string text, bool own) => Assert.Equal(own, PostgresLocation.IsLocation(text));

    [Theory]
    [InlineData("postgres://ann:hunter2@db/faces?gallery=Staff", "gallery name 'Staff'")]
    [InlineData("postgres://ann:hunter2@db/faces?gallery=a;drop", "gallery name 'a;drop'")]
    [InlineData("postgres://ann:hunter2@db/faces?gallery=", "expected 1 to 40")]
    [InlineData("postgres://ann:hunter2@db/faces?m=1", "m is 1")]
    [InlineData("postgres://ann:hunter2@db/faces?m=many", "m is 'many'")]
    [InlineData("postgres://ann:hunter2@db/faces?ef_construction=8", "ef_construction is 8")]
    [InlineData("postgres://ann:hunter2@db/faces?ef_search=1001", "ef_search is 1001")]
    [InlineData("postgres://ann:hunter2@db/faces?colour=red", "parameter 'colour'")]
    [InlineData("postgres://ann:hunter2@db/faces?gallery", "parameter 'gallery'")]
    [InlineData("postgres://ann:hunter2@/faces", "no URL")]
    [InlineData("postgres://ann:hunter2@db:port/faces", "no URL")]
    [InlineData("Host=db;Passwort=hunter2", "parameter 'passwort'")]
    [InlineData("Host=db;Port=hunter2", "parameter 'port'")]
    [InlineData("Database=faces;Password=hunter2", "no host")]
    [InlineData("Host=a,b;Password=hunter2", "several")]
    public void What_is_wrong_is_told_without_the_password(string text, string told)
    {
        UsageException e = Assert.Throws<UsageException>(() => PostgresLocation.Parse(text));
        Assert.Contains(told, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }
}

using Npgsql;
using Semblance.Galleries.Postgres.Tests.Servers;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres.Tests;

/// <summary>What a person is told when the server says no.</summary>
public sealed class ServerFailureTests(NativeServer native)
{
    private static string Told(PostgresLocation location, GalleryOptions? options = null) =>
        Assert.Throws<SemblanceException>(() => PostgresGallery.Open(location, Faces.Model(), options)).Message;

    [Fact]
    public void A_wrong_password_is_told_and_not_repeated()
    {
        string told = Told(native.Gallery("a", password: "hunter2"));
        Assert.Contains("the server refused user or password", told, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_password_is_told()
    {
        PostgresLocation with = native.Gallery("a");
        string told = Told(PostgresLocation.Parse(with.Display + "&sslmode=disable&passfile=/dev/null"));
        Assert.Contains("password", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("is the server running", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_database_is_told() =>
        Assert.Contains("no such database; make it with 'createdb'", Told(native.Gallery("a", database: "nowhere")), StringComparison.Ordinal);

    [Fact]
    public void A_server_without_pgvector_is_told_what_it_lacks_and_still_takes_encrypted_galleries()
    {
        PostgresLocation location = native.NewGallery();
        Assert.SkipWhen(native.HasVectors, "This PostgreSQL has pgvector.");
        Assert.Contains("the server has no pgvector; install it", Told(location), StringComparison.Ordinal);
        Assert.Contains("is missing", Assert.Throws<SemblanceException>(() => PostgresGallery.OpenExisting(location)).Message, StringComparison.Ordinal);
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = TemplateKeyRing.Generate() });
        gallery.Enrol(Faces.People(20), TestContext.Current.CancellationToken);
        Assert.Equal("person 00004", gallery.Search(Faces.Embedding(4), 1, 3)[0][0].Subject);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told()
    {
        string told = Told(PostgresLocation.Parse($"postgres://ann:hunter2@127.0.0.1:{ChildServer.FreePort()}/faces"));
        Assert.Contains("cannot be reached", told, StringComparison.Ordinal);
        Assert.Contains("is the server running", told, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_who_may_not_make_galleries_is_told_what_is_lacking()
    {
        PostgresLocation location = native.Gallery("t" + Guid.NewGuid().ToString("N")[..16], user: "guest", password: "guest");
        using (NpgsqlConnection connection = native.Connect())
        {
            Sql.Run(connection, "CREATE ROLE guest LOGIN PASSWORD 'guest'");
        }

        Assert.Contains("to make a gallery it needs CREATE on the database", Told(location), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_in_another_encoding_is_refused()
    {
        using (NpgsqlConnection connection = native.Connect())
        {
            Sql.Run(connection, "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        }

        Assert.Contains("encoding is LATIN1", Told(native.Gallery("a", database: "latin")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_the_server_has_closed_is_replaced_unnoticed()
    {
        var options = new GalleryOptions { Keys = TemplateKeyRing.Generate() };
        PostgresLocation location = native.NewGallery("&application name=closed");
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), options);
        gallery.Enrol(Faces.People(2), TestContext.Current.CancellationToken);
        for (int i = 2; i < 5; i++)
        {
            using (NpgsqlConnection connection = native.Connect())
            {
                Sql.Run(connection, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'closed'");
            }

            Assert.Equal(1, gallery.Enrol(Faces.People(1, first: i), TestContext.Current.CancellationToken).Added);
        }

        Assert.Equal(5, gallery.Describe().Templates);
    }

    [Fact]
    public void A_writer_that_waits_too_long_for_another_is_told()
    {
        PostgresLocation location = native.NewGallery();
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = TemplateKeyRing.Generate(), BusyTimeoutSeconds = 1 });
        using NpgsqlConnection other = native.Connect();
        using NpgsqlTransaction transaction = other.BeginTransaction();
        Sql.Run(other, $"UPDATE {location.Schema}.state SET revision = revision");
        SemblanceException e = Assert.Throws<SemblanceException>(() => gallery.Enrol(Faces.People(1), TestContext.Current.CancellationToken));
        Assert.Contains("is locked by another that is writing", e.Message, StringComparison.Ordinal);
        transaction.Rollback();
        Assert.Equal(1, gallery.Enrol(Faces.People(1), TestContext.Current.CancellationToken).Added);
    }
}

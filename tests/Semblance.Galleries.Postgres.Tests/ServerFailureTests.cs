using System.Net;
using System.Net.Sockets;
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
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = Faces.NewKey() });
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
        var options = new GalleryOptions { Keys = Faces.NewKey() };
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
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = Faces.NewKey(), BusyTimeoutSeconds = 1 });
        using NpgsqlConnection other = native.Connect();
        using NpgsqlTransaction transaction = other.BeginTransaction();
        Sql.Run(other, $"UPDATE {location.Schema}.state SET revision = revision");
        SemblanceException e = Assert.Throws<SemblanceException>(() => gallery.Enrol(Faces.People(1), TestContext.Current.CancellationToken));
        Assert.Contains("is locked by another that is writing", e.Message, StringComparison.Ordinal);
        transaction.Rollback();
        Assert.Equal(1, gallery.Enrol(Faces.People(1), TestContext.Current.CancellationToken).Added);
    }

    [Fact]
    public void A_host_that_nobody_knows_is_told()
    {
        string told = Told(PostgresLocation.Parse("postgres://ann:hunter2@no-such-host.invalid/faces"));
        Assert.StartsWith("gallery postgres://ann@no-such-host.invalid:5432/faces?gallery=default cannot be reached", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
    }

    [Fact]
    public void A_server_that_takes_connections_and_never_answers_is_told_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string told = Told(PostgresLocation.Parse($"postgres://ann@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/faces?sslmode=disable&timeout=1"));
        Assert.Contains("cannot be reached", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_may_come_from_a_password_file()
    {
        PostgresLocation with = native.NewGallery();
        string file = Path.Combine(native.Folder, $"pgpass-{with.Gallery}");
        File.WriteAllText(file, $"127.0.0.1:*:*:postgres:{NativeServer.Password}\n");
        if (!OperatingSystem.IsWindows())
        {
            // Npgsql passes over a file that others can read.
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var location = PostgresLocation.Parse($"{with.Display}&sslmode=disable&passfile={Uri.EscapeDataString(file)}");
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = Faces.NewKey() });
        Assert.DoesNotContain(NativeServer.Password, gallery.Location, StringComparison.Ordinal);
        Assert.Equal(1, gallery.Enrol(Faces.People(1), TestContext.Current.CancellationToken).Added);
    }

    [Fact]
    public void A_user_who_may_only_read_reads_and_is_told_when_he_writes()
    {
        PostgresLocation location = native.NewGallery();
        var options = new GalleryOptions { Keys = Faces.NewKey() };
        using PostgresGallery owner = PostgresGallery.Open(location, Faces.Model(), options);
        owner.Enrol(Faces.People(3), TestContext.Current.CancellationToken);
        string role = "reader_" + location.Gallery;
        using (NpgsqlConnection connection = native.Connect())
        {
            Sql.Run(connection, $"CREATE ROLE {role} LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA {location.Schema} TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA {location.Schema} TO {role}");
        }

        using PostgresGallery reader = PostgresGallery.OpenExisting(native.Gallery(location.Gallery, role, "reader"), Faces.Model(), options);
        Assert.Equal("person 00001", reader.Search(Faces.Embedding(1), 1, 1)[0][0].Subject);
        Assert.Equal(3, reader.ReadTemplates(TestContext.Current.CancellationToken).Count());
        foreach (Action write in new Action[] { () => reader.Enrol(Faces.People(1, first: 9)), () => reader.Remove("person 00001"), () => reader.MarkSeen(["person 00001"], DateTimeOffset.UtcNow) })
        {
            Assert.Contains("the user may not do this", Assert.Throws<SemblanceException>(write).Message, StringComparison.Ordinal);
        }

        Assert.Equal(3, owner.Describe().Templates);
    }

    [Fact]
    public void A_writer_who_waits_for_another_can_be_stopped()
    {
        PostgresLocation location = native.NewGallery();
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = Faces.NewKey(), BusyTimeoutSeconds = 600 });
        using NpgsqlConnection other = native.Connect();
        using NpgsqlTransaction transaction = other.BeginTransaction();
        Sql.Run(other, $"UPDATE {location.Schema}.state SET revision = revision");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.ThrowsAny<OperationCanceledException>(() => gallery.Enrol(Faces.People(1), source.Token));
        transaction.Rollback();
        Assert.Equal(0, gallery.Describe().Templates);
        Assert.Equal(1, gallery.Enrol(Faces.People(1), TestContext.Current.CancellationToken).Added);
    }
}

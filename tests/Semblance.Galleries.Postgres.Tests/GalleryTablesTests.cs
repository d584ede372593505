using Npgsql;
using Semblance.Galleries.Postgres.Tests.Servers;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres.Tests;

public sealed class GalleryTablesTests(VectorServer server, NativeServer native)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_database_holds_galleries_side_by_side()
    {
        PostgresLocation one = server.NewGallery(), two = server.NewGallery();
        using PostgresGallery first = PostgresGallery.Open(one, Faces.Model());
        using PostgresGallery second = PostgresGallery.Open(two, Faces.Model(32));
        first.Enrol(Faces.People(3), Cancel);
        second.Enrol(Faces.People(2, 32), Cancel);
        Assert.Equal(3, first.Describe().Templates);
        Assert.Equal(2, second.Describe().Templates);
        Assert.Equal(64, PostgresGallery.OpenExisting(one).Model.EmbeddingSize);
    }

    [Fact]
    public void An_older_schema_is_brought_up_to_date_with_all_it_holds()
    {
        PostgresLocation location = server.NewGallery();
        float[] embedding = Faces.Embedding(1);
        using (var session = new PostgresSession(location, new GalleryOptions()))
        {
            session.Read(connection =>
            {
                GalleryTables.Prepare(connection, location, Faces.Model(), null, DateTimeOffset.UtcNow, targetVersion: 1);
                Sql.Run(connection, $"INSERT INTO {location.Schema}.subjects (name, created) VALUES ('Ann', $1)", Ticks.Of(DateTimeOffset.UnixEpoch));
                byte[] blob = new TemplateCodec(64, null, "").Write("Ann", new byte[32], embedding, null);
                Sql.Run(connection, $"INSERT INTO {location.Schema}.templates (subject_id, template, source, digest, created) VALUES (1, $1, 'a.jpg', $2, 0)", blob, new byte[32]);
                return true;
            });
            session.Renew();
            session.Read(connection =>
            {
                Enrolment.AddVectors(connection, location, [1], [1], [UnitVector.Of(embedding)], Cancel);
                return true;
            });
        }

        SemblanceException refused = Assert.Throws<SemblanceException>(() => PostgresGallery.OpenExisting(location, options: new GalleryOptions { ReadOnly = true }));
        Assert.Contains("schema 1", refused.Message, StringComparison.Ordinal);
        using PostgresGallery gallery = PostgresGallery.OpenExisting(location, Faces.Model());
        gallery.Update("Ann", new SubjectDetails { ExternalId = "7", Metadata = new Dictionary<string, string> { ["site"] = "north" } });
        Assert.Equal(DateTimeOffset.UnixEpoch, gallery.FindExternal("7")!.Created);
        Assert.Equal("Ann", gallery.Search(embedding, 1, 1, new GalleryFilter { Metadata = new Dictionary<string, string> { ["site"] = "north" } }, Cancel)[0][0].Subject);
        Assert.Equal(embedding, gallery.ReadTemplates(Cancel).Single().Embedding);
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        PostgresLocation location = server.NewGallery();
        PostgresGallery.Open(location, Faces.Model()).Dispose();
        using (var session = new PostgresSession(location, new GalleryOptions()))
        {
            session.WriteBeside(connection => Sql.Run(connection, $"UPDATE {location.Schema}.meta SET value = '9' WHERE key = 'schema_version'"));
        }

        SemblanceException e = Assert.Throws<SemblanceException>(() => PostgresGallery.Open(location, Faces.Model()));
        Assert.Equal($"gallery {location} has schema 9, this program reads up to 2; update Semblance.", e.Message);
    }

    [Theory]
    [InlineData("CREATE TABLE {0}.meta (key text PRIMARY KEY, value text)")]
    [InlineData("CREATE TABLE {0}.meta (key text PRIMARY KEY, value text); CREATE TABLE {0}.state (a int); CREATE TABLE {0}.templates (a int); INSERT INTO {0}.meta VALUES ('schema_version', '2')")]
    [InlineData("CREATE TABLE {0}.subjects (name text)")]
    [InlineData("CREATE VIEW {0}.meta AS SELECT 1 AS one")]
    public void Tables_of_another_program_are_refused_and_left_alone(string tables)
    {
        PostgresLocation location = server.NewGallery();
        using var session = new PostgresSession(location, new GalleryOptions());
        session.WriteBeside(connection => Sql.Run(connection, $"CREATE SCHEMA {location.Schema}; {string.Format(System.Globalization.CultureInfo.InvariantCulture, tables, location.Schema)}"));
        object? before = Relations();
        foreach (Action open in new Action[] { () => PostgresGallery.OpenExisting(location), () => PostgresGallery.Open(location, Faces.Model()) })
        {
            Assert.Contains("holds tables of another program; give the gallery another name", Assert.Throws<SemblanceException>(open).Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Relations());

        object? Relations() => session.Read(connection => Sql.Value(
            connection, "SELECT string_agg(c.relname::text, ' ' ORDER BY c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1", location.Schema));
    }

    [Fact]
    public void A_schema_that_somebody_made_for_the_gallery_beforehand_is_used()
    {
        PostgresLocation location = server.NewGallery();
        using (var session = new PostgresSession(location, new GalleryOptions()))
        {
            session.WriteBeside(connection => Sql.Run(connection, $"CREATE SCHEMA {location.Schema}"));
        }

        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model());
        Assert.Equal(1, gallery.Enrol(Faces.People(1), Cancel).Added);
    }

    [Fact]
    public void Another_model_is_refused()
    {
        PostgresLocation location = server.NewGallery();
        PostgresGallery.Open(location, Faces.Model()).Dispose();
        SemblanceException e = Assert.Throws<SemblanceException>(() => PostgresGallery.Open(location, Faces.Model() with { Fingerprint = new string('b', 64) }));
        Assert.Contains("was made with model aaaaaaaaaaaa", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gallery_that_is_missing_is_not_made_by_looking_at_it()
    {
        PostgresLocation location = server.NewGallery();
        foreach (Action open in new Action[] { () => PostgresGallery.OpenExisting(location), () => PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { ReadOnly = true }) })
        {
            Assert.Equal($"gallery {location} is missing; make one with 'semblance enroll'.", Assert.Throws<SemblanceException>(open).Message);
        }
    }

    [Fact]
    public void What_is_to_be_read_only_is_not_written()
    {
        PostgresLocation location = server.NewGallery();
        PostgresGallery.Open(location, Faces.Model()).Dispose();
        using PostgresGallery gallery = PostgresGallery.OpenExisting(location, options: new GalleryOptions { ReadOnly = true });
        Assert.Throws<SemblanceException>(() => gallery.Enrol(Faces.People(1), Cancel));
        Assert.Throws<SemblanceException>(() => gallery.MarkSeen(["x"], DateTimeOffset.UtcNow));
        Assert.Equal(0, gallery.Describe().Templates);
    }

    [Fact]
    public async Task Servers_that_start_at_once_make_one_gallery()
    {
        PostgresLocation location = native.NewGallery();
        var keys = Faces.NewKey();
        PostgresGallery[] galleries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PostgresGallery.Open(location, Faces.Model(), new GalleryOptions { Keys = keys }), Cancel)));
        for (int i = 0; i < galleries.Length; i++)
        {
            Assert.Equal(1, galleries[i].Enrol(Faces.People(1, first: i), Cancel).Added);
        }

        Assert.All(galleries, gallery => Assert.Equal(8, gallery.Describe().Subjects));
        Assert.All(galleries, gallery => gallery.Dispose());
    }

    [Fact]
    public async Task Servers_that_start_at_once_bring_one_gallery_up_to_date()
    {
        PostgresLocation location = native.NewGallery();
        var options = new GalleryOptions { Keys = Faces.NewKey() };
        using (var session = new PostgresSession(location, options))
        {
            session.Read(connection =>
            {
                GalleryTables.Prepare(connection, location, Faces.Model(), options.Keys, DateTimeOffset.UtcNow, targetVersion: 1);
                return true;
            });
        }

        PostgresGallery[] galleries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PostgresGallery.Open(location, Faces.Model(), options), Cancel)));
        Assert.Equal(1, galleries[3].Enrol(Faces.People(1), Cancel).Added);
        Assert.All(galleries, gallery => gallery.Dispose());
    }

    [Fact]
    public void A_damaged_template_is_told_instead_of_matched()
    {
        PostgresLocation location = server.NewGallery();
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model());
        gallery.Enrol(Faces.People(2), Cancel);
        using (var session = new PostgresSession(location, new GalleryOptions()))
        {
            session.WriteBeside(connection => Sql.Run(connection, $"UPDATE {location.Schema}.templates SET template = set_byte(template, 5, get_byte(template, 5) # 1) WHERE id = 2"));
        }

        foreach (Action read in new Action[] { () => _ = gallery.ReadTemplates(Cancel).Last(), () => gallery.LoadIndex(Cancel), () => gallery.Search(Faces.Embedding(1), 1, 1, null, Cancel) })
        {
            Assert.Contains("template 2 of 'person 00001' fails its checksum", Assert.Throws<SemblanceException>(read).Message, StringComparison.Ordinal);
        }
    }
}

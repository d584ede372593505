using Npgsql;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres;

/// <summary>Reads templates one by one from one statement, and so from the state of one moment.</summary>
internal sealed class TemplateReader : IDisposable
{
    private readonly NpgsqlCommand _command;
    private readonly NpgsqlDataReader _reader;
    private readonly TemplateCodec _codec;
    private readonly IDisposable? _owned;

    private TemplateReader(NpgsqlCommand command, NpgsqlDataReader reader, TemplateCodec codec, IDisposable? owned) =>
        (_command, _reader, _codec, _owned) = (command, reader, codec, owned);

    /// <summary>The bytes of the template that was read last.</summary>
    public byte[] Blob { get; private set; } = [];

    /// <summary>Starts reading.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="location">The gallery.</param>
    /// <param name="codec">Turns bytes into embeddings.</param>
    /// <param name="after">Templates beyond this id.</param>
    /// <param name="limit">The most to read; null for all.</param>
    /// <param name="owned">What to dispose at the end; disposed also where starting fails.</param>
    public static TemplateReader Start(
        NpgsqlConnection connection, PostgresLocation location, TemplateCodec codec, long after = 0, int? limit = null, IDisposable? owned = null)
    {
        NpgsqlCommand? command = null;
        try
        {
            command = Sql.Command(
                connection,
                $"""
                SELECT t.id, t.subject_id, s.name, t.template, t.source, t.digest, t.created
                FROM {location.Schema}.templates t JOIN {location.Schema}.subjects s ON s.id = t.subject_id
                WHERE t.id > $1 ORDER BY t.id LIMIT $2
                """,
                after,
                Sql.Number(limit));
            command.CommandTimeout = 0;
            return new TemplateReader(command, command.ExecuteReader(), codec, owned);
        }
        catch
        {
            command?.Dispose();
            owned?.Dispose();
            throw;
        }
    }

    /// <summary>The next template, or null after the last.</summary>
    /// <exception cref="SemblanceException">The template is damaged, or its key is not at hand.</exception>
    public GalleryTemplate? Next()
    {
        if (!_reader.Read())
        {
            return null;
        }

        (long id, string subject, byte[] digest) = (_reader.GetInt64(0), _reader.GetString(2), _reader.GetFieldValue<byte[]>(5));
        Blob = _reader.GetFieldValue<byte[]>(3);
        return new GalleryTemplate(
            id, _reader.GetInt64(1), subject, _codec.Read(id, subject, digest, Blob), _reader.GetString(4), digest, Ticks.ToTime(_reader.GetInt64(6)));
    }

    /// <summary>The rest, one by one.</summary>
    public IEnumerable<GalleryTemplate> Rest()
    {
        while (Next() is { } template)
        {
            yield return template;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
        _owned?.Dispose();
    }
}

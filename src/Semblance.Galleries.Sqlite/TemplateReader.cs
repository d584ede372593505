using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>Reads templates one by one from a statement, and so from the state of one moment.</summary>
internal sealed class TemplateReader : IDisposable
{
    private readonly SqliteConnection? _owned;
    private readonly SqliteCommand _command;
    private readonly SqliteDataReader _reader;
    private readonly TemplateCodec _codec;

    private TemplateReader(SqliteConnection? owned, SqliteCommand command, SqliteDataReader reader, TemplateCodec codec) =>
        (_owned, _command, _reader, _codec) = (owned, command, reader, codec);

    /// <summary>Starts reading on a connection that the reader then owns.</summary>
    public static TemplateReader Start(SqliteConnection connection, TemplateCodec codec)
    {
        try
        {
            return Start(connection, null, connection, codec, 0, long.MaxValue);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Starts reading the templates beyond one, at most so many, within a transaction.</summary>
    public static TemplateReader Start(SqliteTransaction transaction, TemplateCodec codec, long after, long limit = long.MaxValue) =>
        Start(transaction.Connection!, transaction, null, codec, after, limit);

    /// <summary>The next template, or null after the last.</summary>
    /// <exception cref="SemblanceException">The template is damaged, or its key is not at hand.</exception>
    public GalleryTemplate? Next()
    {
        if (!_reader.Read())
        {
            return null;
        }

        long id = _reader.GetInt64(0);
        string subject = _reader.GetString(2);
        byte[] digest = (byte[])_reader.GetValue(5);
        Blob = (byte[])_reader.GetValue(3);
        return new GalleryTemplate(
            id, _reader.GetInt64(1), subject, _codec.Read(id, subject, digest, Blob), _reader.GetString(4), digest, Timestamp.Read(_reader.GetString(6)));
    }

    /// <summary>The bytes of the template that was read last, as the file has them.</summary>
    public byte[] Blob { get; private set; } = [];

    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
        _owned?.Dispose();
    }

    private static TemplateReader Start(
        SqliteConnection connection, SqliteTransaction? transaction, SqliteConnection? owned, TemplateCodec codec, long after, long limit)
    {
        SqliteCommand command = Sql.Command(
            connection,
            transaction,
            """
            SELECT t.id, t.subject_id, s.name, t.embedding, t.source, t.digest, t.created
            FROM templates t JOIN subjects s ON s.id = t.subject_id WHERE t.id > $after ORDER BY t.id LIMIT $limit
            """,
            "$after", "$limit");
        try
        {
            return new TemplateReader(owned, command, command.With(after, limit).ExecuteReader(), codec);
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }
}

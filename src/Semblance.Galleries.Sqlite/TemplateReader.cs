using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>Reads templates one by one from a statement, and so from the state of one moment, on a connection of its own.</summary>
internal sealed class TemplateReader : IDisposable
{
    private const string Sql = """
        SELECT t.id, t.subject_id, s.name, t.embedding, t.source, t.digest, t.created
        FROM templates t JOIN subjects s ON s.id = t.subject_id ORDER BY t.id
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;
    private readonly SqliteDataReader _reader;
    private readonly string _path;
    private readonly int _embeddingSize;

    private TemplateReader(SqliteConnection connection, SqliteCommand command, SqliteDataReader reader, string path, int embeddingSize) =>
        (_connection, _command, _reader, _path, _embeddingSize) = (connection, command, reader, path, embeddingSize);

    /// <summary>Starts reading; the reader owns the connection.</summary>
    public static TemplateReader Start(SqliteConnection connection, string path, int embeddingSize)
    {
        SqliteCommand? command = null;
        try
        {
            command = connection.CreateCommand();
            command.CommandText = Sql;
            return new TemplateReader(connection, command, command.ExecuteReader(), path, embeddingSize);
        }
        catch
        {
            command?.Dispose();
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The next template, or null after the last.</summary>
    /// <exception cref="SemblanceException">The template is damaged.</exception>
    public GalleryTemplate? Next()
    {
        if (!_reader.Read())
        {
            return null;
        }

        long id = _reader.GetInt64(0);
        string subject = _reader.GetString(2);
        float[] embedding = EmbeddingBlob.Read((byte[])_reader.GetValue(3), _embeddingSize)
            ?? throw new SemblanceException($"gallery {_path} is damaged: template {id} of '{subject}' fails its checksum; remove the subject and enrol it again.");
        return new GalleryTemplate(
            id, _reader.GetInt64(1), subject, embedding, _reader.GetString(4), (byte[])_reader.GetValue(5), Timestamp.Read(_reader.GetString(6)));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
        _connection.Dispose();
    }
}

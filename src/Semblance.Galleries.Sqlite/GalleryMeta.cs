using System.Globalization;
using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>Table meta: whose embeddings the file holds, how they are compared and kept, and how often it changed.</summary>
internal sealed class GalleryMeta
{
    private readonly Dictionary<string, string> _values;
    private readonly string _path;

    private GalleryMeta(Dictionary<string, string> values, string path) => (_values, _path) = (values, path);

    public int SchemaVersion => Number("schema_version");

    public GalleryModel Model => new(Text("model_fingerprint"), Text("backbone"), Text("loss"), Number("embedding_size"));

    public DateTimeOffset Created => Timestamp.Read(Text("created"));

    public GallerySettings Settings => new()
    {
        Metric = _values.GetValueOrDefault("metric", "cosine"),
        Threshold = _values.TryGetValue("threshold", out string? text)
            ? double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : throw Damaged("threshold")
            : null,
    };

    public TemplateEncryption Encryption => new(_values.GetValueOrDefault("encryption_key"), _values.ContainsKey("encryption_partial"));

    /// <summary>Rises with every change that a search can see.</summary>
    public long Revision => Counter("revision");

    /// <summary>Changes with every removal of subjects.</summary>
    public long Removals => Counter("removals");

    /// <summary>Whether something was removed whose bytes may still be somewhere in the file.</summary>
    public bool OwesErasure => _values.ContainsKey("erasure_owed");

    public static GalleryMeta Read(SqliteConnection connection, SqliteTransaction? transaction, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        using SqliteCommand command = Sql.Command(connection, transaction, "SELECT key, value FROM meta");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            values[reader.GetString(0)] = reader.GetString(1);
        }

        return new GalleryMeta(values, path);
    }

    public static void Create(SqliteTransaction transaction, GalleryModel model, TemplateKeyRing? keys, DateTimeOffset now)
    {
        Write(transaction, "schema_version", GallerySchema.Version.ToString(CultureInfo.InvariantCulture));
        Write(transaction, "model_fingerprint", model.Fingerprint);
        Write(transaction, "backbone", model.Backbone);
        Write(transaction, "loss", model.Loss);
        Write(transaction, "embedding_size", model.EmbeddingSize.ToString(CultureInfo.InvariantCulture));
        Write(transaction, "created", Timestamp.Write(now));
        Write(transaction, new TemplateEncryption(keys?.FirstId, Partial: false));
    }

    public static void Write(SqliteTransaction transaction, GallerySettings settings)
    {
        Write(transaction, "metric", settings.Metric);
        Write(transaction, "threshold", settings.Threshold?.ToString("R", CultureInfo.InvariantCulture));
    }

    public static void Write(SqliteTransaction transaction, TemplateEncryption encryption)
    {
        Write(transaction, "encryption_key", encryption.KeyId);
        Write(transaction, "encryption_partial", encryption.Partial ? "1" : null);
    }

    public static void OweErasure(SqliteTransaction transaction, bool owed) => Write(transaction, "erasure_owed", owed ? "1" : null);

    /// <summary>Counts one change.</summary>
    /// <returns>The revision that the change makes.</returns>
    public static long Count(SqliteTransaction transaction, string counter = "revision")
    {
        using SqliteCommand command = Sql.Command(
            transaction, "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = $key RETURNING CAST(value AS INTEGER)", "$key");
        return (long)command.With(counter).ExecuteScalar()!;
    }

    /// <summary>Sets a value; null takes it away.</summary>
    public static void Write(SqliteTransaction transaction, string key, string? value)
    {
        using SqliteCommand command = value is null
            ? Sql.Command(transaction, "DELETE FROM meta WHERE key = $key", "$key").With(key)
            : Sql.Command(transaction, "INSERT INTO meta (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = $value", "$key", "$value").With(key, value);
        command.ExecuteNonQuery();
    }

    private string Text(string key) => _values.TryGetValue(key, out string? value)
        ? value
        : throw new SemblanceException($"gallery {_path} is damaged: its table meta has no '{key}'.");

    private int Number(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
        ? value
        : throw Damaged(key);

    private long Counter(string key) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Damaged(key);

    private SemblanceException Damaged(string key) => new($"gallery {_path} is damaged: '{key}' is '{Text(key)}' in its table meta.");
}

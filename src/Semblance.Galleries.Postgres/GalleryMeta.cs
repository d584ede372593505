using System.Globalization;
using Npgsql;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres;

/// <summary>Table meta: whose embeddings the gallery holds and how they are compared.</summary>
internal sealed class GalleryMeta
{
    private readonly Dictionary<string, string> _values;
    private readonly PostgresLocation _location;

    private GalleryMeta(Dictionary<string, string> values, PostgresLocation location) => (_values, _location) = (values, location);

    /// <summary>Whether these are a gallery's values at all.</summary>
    public bool IsOfGallery => _values.ContainsKey("schema_version") && _values.ContainsKey("model_fingerprint");

    /// <exception cref="SemblanceException">The tables are of a newer program.</exception>
    public int SchemaVersion => Number("schema_version") is var version && version <= GalleryTables.Version
        ? version
        : throw new SemblanceException($"gallery {_location} has schema {version}, this program reads up to {GalleryTables.Version}; update Semblance.");

    public GalleryModel Model => new(Text("model_fingerprint"), Text("backbone"), Text("loss"), Number("embedding_size"));

    public DateTimeOffset Created => Ticks.ToTime(long.TryParse(Text("created"), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) ? ticks : throw Damaged("created"));

    public GallerySettings Settings => new()
    {
        Metric = _values.GetValueOrDefault("metric", "cosine"),
        Threshold = _values.TryGetValue("threshold", out string? text)
            ? double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : throw Damaged("threshold")
            : null,
    };

    public static GalleryMeta Read(NpgsqlConnection connection, PostgresLocation location)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        using NpgsqlCommand command = Sql.Command(connection, $"SELECT key, value FROM {location.Schema}.meta");
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            values[reader.GetString(0)] = reader.GetString(1);
        }

        return new GalleryMeta(values, location);
    }

    public static void Create(NpgsqlConnection connection, PostgresLocation location, GalleryModel model, DateTimeOffset now)
    {
        Write(connection, location, "model_fingerprint", model.Fingerprint);
        Write(connection, location, "backbone", model.Backbone);
        Write(connection, location, "loss", model.Loss);
        Write(connection, location, "embedding_size", model.EmbeddingSize.ToString(CultureInfo.InvariantCulture));
        Write(connection, location, "created", Ticks.Of(now).ToString(CultureInfo.InvariantCulture));
    }

    public static void Write(NpgsqlConnection connection, PostgresLocation location, GallerySettings settings)
    {
        Write(connection, location, "metric", settings.Metric);
        Write(connection, location, "threshold", settings.Threshold?.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Sets a value; null takes it away.</summary>
    public static void Write(NpgsqlConnection connection, PostgresLocation location, string key, string? value)
    {
        if (value is null)
        {
            Sql.Run(connection, $"DELETE FROM {location.Schema}.meta WHERE key = $1", key);
        }
        else
        {
            Sql.Run(connection, $"INSERT INTO {location.Schema}.meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);
        }
    }

    private string Text(string key) => _values.TryGetValue(key, out string? value)
        ? value
        : throw new SemblanceException($"gallery {_location} is damaged: its table meta has no '{key}'.");

    private int Number(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
        ? value
        : throw Damaged(key);

    private SemblanceException Damaged(string key) => new($"gallery {_location} is damaged: '{key}' is '{Text(key)}' in its table meta.");
}

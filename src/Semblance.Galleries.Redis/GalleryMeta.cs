using System.Globalization;
using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Hash meta: whose embeddings a gallery holds, how they are compared, kept and spread, and how often they changed.</summary>
internal sealed class GalleryMeta
{
    /// <summary>The layout that this program writes.</summary>
    public const int SchemaVersion = 1;

    private readonly Dictionary<string, string> _values;
    private readonly string _location;

    private GalleryMeta(Dictionary<string, string> values, string location) => (_values, _location) = (values, location);

    public GalleryModel Model => new(Text("model_fingerprint"), Text("backbone"), Text("loss"), (int)Number("embedding_size"));

    public DateTimeOffset Created => Timestamp.Read(Text("created"));

    public int Shards => (int)Number("shards");

    public GallerySettings Settings => new()
    {
        Metric = _values.GetValueOrDefault("metric", "cosine"),
        Threshold = _values.TryGetValue("threshold", out string? text)
            ? double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : throw Damaged("threshold")
            : null,
    };

    public TemplateEncryption Encryption => new(_values.GetValueOrDefault("encryption_key"), _values.ContainsKey("encryption_partial"));

    /// <summary>Whether the vector set holds, or is about to hold, every template: nothing is encrypted, and nothing was until a moment ago.</summary>
    public bool HasVectors => Encryption.KeyId is null && !_values.ContainsKey("vectors_partial");

    /// <summary>Rises with every change that a search can see.</summary>
    public long Revision => Number("revision");

    /// <summary>Rises with every removal of subjects.</summary>
    public long Removals => Number("removals");

    /// <summary>The last template of the last batch that is whole; later ones belong to a batch that is still being written.</summary>
    public long LastTemplate => Number("last_template");

    /// <summary>Whether something was removed whose bytes may still be in the server's files.</summary>
    public bool OwesErasure => _values.ContainsKey("erasure_owed");

    /// <summary>The number of the last changes that were spread over shards.</summary>
    public long Sequence => Number("sequence");

    /// <summary>Reads the hash.</summary>
    /// <returns>The values, or null where there is no gallery.</returns>
    /// <exception cref="SemblanceException">A newer program made the gallery, or another one the key.</exception>
    public static GalleryMeta? Read(IDatabase database, RedisKey key, string location, CancellationToken cancellationToken = default)
    {
        HashEntry[] entries = database.HashGetAllAsync(key).WaitAsync(cancellationToken).GetAwaiter().GetResult();
        if (entries.Length == 0)
        {
            return null;
        }

        var meta = new GalleryMeta(entries.ToDictionary(e => (string)e.Name!, e => (string)e.Value!, StringComparer.Ordinal), location);
        if (!meta._values.ContainsKey("schema_version"))
        {
            throw new SemblanceException($"gallery {location}: key '{key}' belongs to another program; choose another gallery name.");
        }

        long version = meta.Number("schema_version");
        return version <= SchemaVersion
            ? meta
            : throw new SemblanceException($"gallery {location} has schema {version}, this program reads up to {SchemaVersion}; update Semblance.");
    }

    /// <summary>Writes the hash of a new gallery, unless somebody else just has.</summary>
    public static void Create(IDatabase database, RedisKey key, GalleryModel model, int shards, TemplateKeyRing? keys, DateTimeOffset now)
    {
        ITransaction transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists(key));
        var values = new List<HashEntry>
        {
            new("schema_version", SchemaVersion),
            new("model_fingerprint", model.Fingerprint),
            new("backbone", model.Backbone),
            new("loss", model.Loss),
            new("embedding_size", model.EmbeddingSize),
            new("created", Timestamp.Write(now)),
            new("shards", shards),
            new("revision", 0),
            new("removals", 0),
            new("last_template", 0),
            new("sequence", 0),
        };
        if (keys is not null)
        {
            values.Add(new HashEntry("encryption_key", keys.FirstId));
        }

        Task written = transaction.HashSetAsync(key, [.. values]);
        if (transaction.Execute())
        {
            written.GetAwaiter().GetResult();
        }
    }

    private string Text(string key) => _values.TryGetValue(key, out string? value)
        ? value
        : throw new SemblanceException($"gallery {_location} is damaged: its key meta has no '{key}'.");

    private long Number(string key) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Damaged(key);

    private SemblanceException Damaged(string key) => new($"gallery {_location} is damaged: '{key}' is '{Text(key)}' in its key meta.");
}

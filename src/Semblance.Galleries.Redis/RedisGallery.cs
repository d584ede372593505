using System.Numerics.Tensors;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// A gallery on a server that speaks the Redis protocol and has vector sets (Redis 8, Garnet), or spread over the machines of a cluster.
/// Templates, subjects and all that leads to them are ordinary keys, changed by transactions; a vector set is the index beside them.
/// Encrypted galleries have no vectors on the server: then searches run in memory over the decrypted templates.
/// </summary>
/// <remarks>
/// What a method acknowledges by returning outlives the server's process where the server logs changes (<see cref="Warnings"/> tells where it does
/// not): Redis is waited for until its log is flushed to the disk (appendfsync always, or everysec on Redis 7.2 and later), Garnet until its log
/// is written past the system's cache, which a power cut may still take from a drive that keeps writes in a cache of its own. It is in the log of the
/// primary: a replica that takes over may lack the last moments, as replication does not wait.
/// </remarks>
public sealed class RedisGallery : IGallery
{
    private readonly RedisServer _server;
    private readonly GalleryKeys _keys;
    private readonly GalleryOptions _options;
    private readonly DateTimeOffset _created;
    private readonly TemplateReading _reading;
    private readonly GalleryWriter _writer;
    private readonly Erasure _erasure;
    private readonly SnapshotLoading _loading;
    private readonly VectorSearch _search;
    private readonly CurrentIndex _index;
    private volatile TemplateCodec _codec;
    private volatile TemplateKeyRing? _ring;
    private volatile GallerySettings _settings;

    private RedisGallery(RedisServer server, RedisLocation location, GalleryMeta meta, GalleryOptions options)
    {
        (_server, _options, Location, Model, _created, _settings, _ring) = (server, options, location.ToString(), meta.Model, meta.Created, meta.Settings, options.Keys);
        _keys = new GalleryKeys(location.Gallery, meta.Shards);
        _codec = new TemplateCodec(Model.EmbeddingSize, options.Keys, Location);
        _reading = new TemplateReading(server, Location, () => _codec);
        var vectors = new VectorSync(server, _reading);
        _writer = new GalleryWriter(server, _keys, Location, options, vectors);
        _erasure = new Erasure(server, _keys, _writer, Location);
        _loading = new SnapshotLoading(server, _keys, Location, _reading, options.Clock);
        _search = new VectorSearch(server, _keys, _reading, options.Clock);
        _index = new CurrentIndex((last, cancellationToken) => _server.Guarded(() => _loading.Refresh(last, _loading.Meta(cancellationToken), cancellationToken)));
        Warnings = [.. Shortcomings(server), .. Debts(meta, meta.HasVectors ? server.Guarded(() => vectors.Missing(_keys)) : 0)];
    }

    /// <inheritdoc/>
    /// <remarks>The location without user and password.</remarks>
    public string Location { get; }

    /// <inheritdoc/>
    public GalleryModel Model { get; }

    /// <inheritdoc/>
    public GallerySettings Settings => _settings;

    /// <inheritdoc/>
    public bool IsEncrypted => _server.Guarded(() => _loading.Meta()).Encryption.IsComplete;

    /// <summary>Number of shards, fixed when the gallery was made.</summary>
    public int Shards => _keys.Shards.Count;

    /// <summary>What the server's configuration does not give that a gallery needs, and what is owed to the gallery, as found on opening; a line each, empty where all is well.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Whether a text is the location of such a gallery: it begins with redis:// or rediss://.</summary>
    /// <param name="location">The text.</param>
    public static bool IsLocation(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return RedisLocation.IsOne(location);
    }

    /// <summary>Opens a gallery for a model; makes it where it is missing.</summary>
    /// <param name="location"><c>redis://[user:password@]host[:port][,host…]/name[?shards=n&amp;db=n&amp;ssl=true]</c>; rediss:// says the same as ssl=true. The machines of a cluster are found from any one of them. A password that is not there is taken from environment variable SEMBLANCE_REDIS_PASSWORD. shards (1 to 1,024; default 1) is fixed when the gallery is made.</param>
    /// <param name="card">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="UsageException">The location is none.</exception>
    /// <exception cref="SemblanceException">The server cannot be reached or lacks vector sets; the gallery is of another model, of a newer program, or under a key that is not given.</exception>
    public static RedisGallery Open(string location, ModelCard card, GalleryOptions? options = null) => Open(location, GalleryModel.Of(card), options);

    /// <summary>Opens a gallery for a model; makes it where it is missing.</summary>
    /// <param name="location">See the other overload.</param>
    /// <param name="model">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="UsageException">The location is none.</exception>
    /// <exception cref="SemblanceException">The server cannot be reached or lacks vector sets; the gallery is of another model, of a newer program, or under a key that is not given.</exception>
    public static RedisGallery Open(string location, GalleryModel model, GalleryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new GalleryOptions();
        return Open(location, model, options, create: !options.ReadOnly);
    }

    /// <summary>Opens a gallery that must be there.</summary>
    /// <param name="location">See <see cref="Open(string, ModelCard, GalleryOptions?)"/>.</param>
    /// <param name="model">The model to compare with; null to look in without one.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="UsageException">The location is none.</exception>
    /// <exception cref="SemblanceException">The server cannot be reached or lacks vector sets; the gallery is missing, of another model, of a newer program, or under a key that is not given.</exception>
    public static RedisGallery OpenExisting(string location, GalleryModel? model = null, GalleryOptions? options = null) =>
        Open(location, model, options ?? new GalleryOptions(), create: false);

    private static RedisGallery Open(string text, GalleryModel? model, GalleryOptions options, bool create)
    {
        ArgumentNullException.ThrowIfNull(text);
        options.Validate();
        RedisLocation location = RedisLocation.Parse(text);
        RedisServer server = RedisServer.Connect(location);
        try
        {
            GalleryMeta meta = server.Guarded(() => ReadOrCreate(server, location, create ? model : null, options));
            if (model is not null)
            {
                meta.Model.Require(model, location.ToString());
            }

            if (location.Shards is { } shards && shards != meta.Shards)
            {
                throw new SemblanceException($"gallery {location} has {meta.Shards} shards, not {shards}: their number is fixed when a gallery is made; export it and import it into a new one.");
            }

            meta.Encryption.Require(options.Keys, location.ToString());
            RequireVectorSets(server, location.ToString(), meta.HasVectors);
            return new RedisGallery(server, location, meta, options);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Configure(GallerySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        _writer.Commit((changes, _) =>
        {
            changes.Meta("metric", settings.Metric);
            changes.Meta("threshold", settings.Threshold is { } threshold ? threshold.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : RedisValue.Null);
        });
        _settings = settings;
    }

    /// <inheritdoc/>
    public GalleryInfo Describe() => _server.Guarded(() =>
    {
        IDatabase database = _server.Database;
        long[] counts = RedisServer.All(_keys.Shards.SelectMany(shard => new[] { database.SortedSetLengthAsync(shard.Names), database.SortedSetLengthAsync(shard.Templates) }));
        return new GalleryInfo(Location, Model, counts.Where((_, i) => i % 2 == 0).Sum(), counts.Where((_, i) => i % 2 == 1).Sum(), _created);
    });

    /// <inheritdoc/>
    public EnrolmentOutcome Enrol(IReadOnlyList<NewTemplate> batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (NewTemplate template in batch)
        {
            template.Validate(Model, Location);
        }

        _writer.RequireWritable();
        return batch.Count == 0
            ? new EnrolmentOutcome(0, 0, [])
            : _writer.Write(turn => new Enrolment(_server, _keys, _reading, _codec, Location, _options.Clock).Add(batch, turn, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<bool> AreEnrolled(IReadOnlyList<TemplateKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return _server.Guarded(() =>
        {
            string[] names = [.. keys.Select(key => key.Subject).Distinct(StringComparer.Ordinal)];
            RedisValue[] ids = RedisServer.All(names.Select(name => _server.Database.HashGetAsync(_keys.ShardOf(name).Ids, name)));
            var known = names.Zip(ids).ToDictionary(x => x.First, x => x.Second, StringComparer.Ordinal);
            return RedisServer.All(keys.Select(key => known[key.Subject].IsNull
                ? Task.FromResult(false)
                : _server.Database.HashExistsAsync(_keys.ShardOf(key.Subject).Images((long)known[key.Subject]), key.Digest)));
        });
    }

    /// <inheritdoc/>
    public GallerySubject? Find(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return _server.Guarded(() => _reading.ByName(_keys, [subject])[0]);
    }

    /// <inheritdoc/>
    public GallerySubject? FindExternal(string externalId)
    {
        ArgumentNullException.ThrowIfNull(externalId);
        return _server.Guarded(() =>
            (string?)_server.Database.HashGet(_keys.External, externalId) is { } name && _reading.ByName(_keys, [name])[0] is { } found && found.ExternalId == externalId
                ? found
                : null);
    }

    /// <inheritdoc/>
    public void Update(string subject, SubjectDetails details)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(details);
        details.Validate();
        _writer.Commit((changes, meta) =>
        {
            GallerySubject before = _reading.ByName(_keys, [subject])[0] ?? throw Unknown(subject);
            var draft = new SubjectDraft(before, before);
            draft.Apply(details);
            new SubjectWriting(_server, Location, changes).Write([draft], meta.Revision + 1);
            changes.Meta("revision", meta.Revision + 1);
        });
    }

    /// <inheritdoc/>
    public void MarkSeen(IReadOnlyCollection<string> subjects, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        _writer.Commit((changes, _) =>
        {
            string[] names = [.. subjects.Distinct(StringComparer.Ordinal)];
            foreach (GallerySubject? subject in _reading.ByName(_keys, names))
            {
                if (subject is not null && !(subject.LastSeen >= at))
                {
                    // A search has no use for last-seen times: the revision stays, and with it what others hold in memory.
                    ShardKeys shard = _keys.ShardOf(subject.Name);
                    changes.Shard(shard, "HSET", shard.Subject(subject.Id), "last_seen", Timestamp.Write(at));
                }
            }
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> RemoveExpired(DateTimeOffset now)
    {
        IReadOnlyList<GallerySubject> removed = Erase(() =>
        [
            .. _keys.Shards.SelectMany(shard => _reading.Subjects(
                    shard,
                    [.. _server.Database.SortedSetRangeByScore(shard.Expiry, double.NegativeInfinity, now.ToUnixTimeMilliseconds()).Select(id => (long)id)],
                    count: true))
                .Where(subject => subject.IsExpired(now))
        ]);
        return [.. removed.Select(subject => subject.Name).Order(Utf8Order.Instance)];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The server's files are written anew afterwards, so that the erased bytes are gone from them too; where the server forbids that, the next
    /// removal tries again (<see cref="Warnings"/> tells). Redis rewrites its log, and its snapshot where it makes any. Garnet makes a checkpoint,
    /// after which it drops whole segments of its log: the bytes stay in the segment that is being written until the log has moved on and something
    /// is removed again, so start it with a small --aof-segment-size. Replicas, and copies of the files made before, are the operator's.
    /// </remarks>
    public int Remove(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return Erase(() => [_reading.ByName(_keys, [subject])[0] ?? throw Unknown(subject)])[0].Templates;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GallerySubject> List(string? after = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _server.Guarded(() => Page(after, limit));
    }

    /// <inheritdoc/>
    /// <remarks>The moment fixes which templates are read; one that is removed while reading goes on is not read any more.</remarks>
    public IEnumerable<GalleryTemplate> ReadTemplates(CancellationToken cancellationToken = default)
    {
        (long, ShardKeys)[] ids = _server.Guarded(() => _loading.Ids(0, _loading.Meta().LastTemplate));
        foreach (StoredTemplate template in _loading.Templates(ids, cancellationToken))
        {
            yield return SnapshotLoading.ToTemplate(template);
        }
    }

    /// <inheritdoc/>
    public SubjectMatch[][] Search(
        ReadOnlySpan<float> probes, int count, int top, GalleryFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (probes.Length != (long)count * Model.EmbeddingSize)
        {
            throw new ArgumentException($"{count} probes need {(long)count * Model.EmbeddingSize} floats, {probes.Length} given.", nameof(probes));
        }

        if (!probes.IsEmpty && !TensorPrimitives.IsFiniteAll(probes))
        {
            throw new ArgumentException("A value of the probes is no finite number.", nameof(probes));
        }

        GalleryMeta meta = _server.Guarded(() => _loading.Meta(cancellationToken));
        if (!meta.HasVectors)
        {
            return _index.Get(cancellationToken).SearchBatch(probes, count, top, filter, cancellationToken);
        }

        try
        {
            return _search.Find(probes, count, top, filter ?? new GalleryFilter(), meta, cancellationToken);
        }
        catch (Exception e) when (RedisFailure.IsOne(e))
        {
            throw RedisFailure.Explain(Location, e);
        }
    }

    /// <inheritdoc/>
    public long ChangeKeys(TemplateKeyRing? keys, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireVectorSets(_server, Location, needed: keys is null);

        // Until all are written again this object reads and writes under both.
        _ring = keys is null ? _ring : keys.With(_ring);
        _codec = new TemplateCodec(Model.EmbeddingSize, _ring, Location);
        return new KeyChange(_writer, _loading, _reading, _codec, _erasure, Location).Run(keys?.FirstId, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public GalleryIndex LoadIndex(CancellationToken cancellationToken = default) => _index.Get(cancellationToken);

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _index.Dispose();
        _writer.Dispose();
        _server.Dispose();
    }

    private static GalleryMeta ReadOrCreate(RedisServer server, RedisLocation location, GalleryModel? model, GalleryOptions options)
    {
        RedisKey key = new GalleryKeys(location.Gallery, 1).Meta;
        GalleryMeta? meta = GalleryMeta.Read(server.Database, key, location.ToString());
        if (meta is null && model is not null)
        {
            RequireVectorSets(server, location.ToString(), needed: options.Keys is null);
            RequireNothingLeft(server, location);
            GalleryMeta.Create(server.Database, key, model, location.Shards ?? 1, options.Keys, options.Clock.GetUtcNow());
            server.Confirm([key]);
            meta = GalleryMeta.Read(server.Database, key, location.ToString());
        }

        return meta ?? throw new SemblanceException($"gallery {location} is missing; make one with 'semblance enroll'.");
    }

    private static void RequireVectorSets(RedisServer server, string location, bool needed)
    {
        if (needed && !server.HasVectorSets)
        {
            throw new SemblanceException(
                $"gallery {location}: the server ({(server.IsGarnet ? "Garnet" : "Redis")} {server.Version}) has no vector sets; use Redis 8 or later, or Garnet started with --enable-vector-set-preview.");
        }
    }

    /// <summary>Refuses to make a gallery among the keys of one that has lost its first.</summary>
    private static void RequireNothingLeft(RedisServer server, RedisLocation location)
    {
        var keys = new GalleryKeys(location.Gallery, location.Shards ?? 1);
        RedisKey[] would = [keys.SubjectIds, keys.Intent, .. keys.Shards.Select(shard => shard.Names)];
        bool[] there = RedisServer.All(would.Select(key => server.Database.KeyExistsAsync(key)));

        // Unless somebody else has just made it.
        if (there.Any(x => x) && GalleryMeta.Read(server.Database, keys.Meta, location.ToString()) is null)
        {
            throw new SemblanceException(
                $"gallery {location} has lost its key '{keys.Meta}', others of it are there: restore the server's data, or choose another name (or delete all keys that begin with 'semblance:{{{location.Gallery}').");
        }
    }

    private static IEnumerable<string> Debts(GalleryMeta meta, long missing)
    {
        if (meta.OwesErasure)
        {
            yield return "bytes of removed faces may still be in the server's files, as the server did not write them anew; the next removal (also of expired subjects) tries again.";
        }

        if (missing > 0)
        {
            yield return $"the server has lost {missing} entries of its vector sets: searches may miss them until the next write to the gallery puts them back.";
        }
    }

    private static IEnumerable<string> Shortcomings(RedisServer server)
    {
        if (server.LogsChanges == false)
        {
            yield return server.IsGarnet
                ? "the server keeps no log of changes: what is enrolled is lost when it stops. Start Garnet with --aof --recover."
                : "the server keeps no log of changes: what is enrolled since its last snapshot is lost when it stops. Set 'appendonly yes'.";
        }
        else if (!server.LogsEveryChange)
        {
            yield return "the server may lose the last second of changes in a crash: set 'appendfsync always', or 'everysec' on Redis 7.2 or later, which is then waited for.";
        }

        if (server.Evicts)
        {
            yield return "the server throws keys away when its memory is full, and with them faces: set 'maxmemory-policy noeviction'.";
        }
    }

    private IReadOnlyList<GallerySubject> Erase(Func<IReadOnlyList<GallerySubject>> choose)
    {
        IReadOnlyList<GallerySubject> removed = _erasure.Erase(choose);
        if (removed.Count > 0)
        {
            _index.Forget();
        }

        return removed;
    }

    private List<GallerySubject> Page(string? after, int limit)
    {
        RedisValue[][] pages = RedisServer.All(_keys.Shards.Select(shard => _server.Database.SortedSetRangeByValueAsync(
            shard.Names, after ?? RedisValue.Null, RedisValue.Null, Exclude.Start, Order.Ascending, 0, limit)));
        string[] names = [.. pages.SelectMany(page => page.Select(name => (string)name!)).Order(Utf8Order.Instance).Take(limit)];
        return [.. _reading.ByName(_keys, names).Where(subject => subject is not null).Select(subject => subject!)];
    }

    private SemblanceException Unknown(string subject) => SubjectName.Unknown(subject, Location, limit => Page(null, limit));
}

using Microsoft.Data.Sqlite;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Sqlite;

/// <summary>
/// A gallery in one SQLite file (with -wal and -shm beside it while open). Write-ahead log and full synchronisation: what was acknowledged
/// survives a crash or a power cut, and readers go on while another process writes. A removal writes the file anew, so that no byte of the
/// removed faces stays in it. Searches run in memory and see all that was acknowledged before.
/// </summary>
public sealed class SqliteGallery : IGallery
{
    private readonly SqliteFile _file;
    private readonly GalleryOptions _options;
    private readonly DateTimeOffset _created;
    private readonly SubjectRows _subjects;
    private readonly CurrentIndex _index;
    private SqliteConnection? _indexReader;
    private volatile TemplateCodec _codec;
    private volatile TemplateKeyRing? _keys;
    private volatile GallerySettings _settings;

    private SqliteGallery(SqliteFile file, GalleryOptions options, GalleryMeta meta)
    {
        (_file, _options, Model, _created, _settings, _keys) = (file, options, meta.Model, meta.Created, meta.Settings, options.Keys);
        _codec = new TemplateCodec(Model.EmbeddingSize, options.Keys, Location);
        _subjects = new SubjectRows(Location);
        _index = new CurrentIndex((last, cancellationToken) => _file.Guarded(() => Refresh(last, cancellationToken)));
    }

    /// <inheritdoc/>
    public string Location => _file.Path;

    /// <inheritdoc/>
    public GalleryModel Model { get; }

    /// <inheritdoc/>
    public GallerySettings Settings => _settings;

    /// <inheritdoc/>
    public bool IsEncrypted => _file.Read(connection => GalleryMeta.Read(connection, null, Location)).Encryption.IsComplete;

    /// <summary>Opens a gallery for a model; makes the file (and its folder) where it is missing, and brings one of an older schema up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="card">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">The file is no gallery, of another model, of a newer program, damaged, locked, under a key that is not given, or cannot be written.</exception>
    public static SqliteGallery Open(string path, ModelCard card, GalleryOptions? options = null) => Open(path, GalleryModel.Of(card), options);

    /// <summary>Opens a gallery for a model; makes the file (and its folder) where it is missing, and brings one of an older schema up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model that embeddings come from.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">The file is no gallery, of another model, of a newer program, damaged, locked, under a key that is not given, or cannot be written.</exception>
    public static SqliteGallery Open(string path, GalleryModel model, GalleryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new GalleryOptions();
        return options.ReadOnly || Directory.Exists(path) ? OpenExisting(path, model, options) : Open(path, model, options, create: true);
    }

    /// <summary>Opens a gallery that must be there. One of an older schema is brought up to date, or read as it is where it may only be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="card">The model to compare with.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">The file is missing, no gallery, of another model, of a newer program, damaged, locked or under a key that is not given.</exception>
    public static SqliteGallery OpenExisting(string path, ModelCard card, GalleryOptions? options = null) => OpenExisting(path, GalleryModel.Of(card), options);

    /// <summary>Opens a gallery that must be there. One of an older schema is brought up to date, or read as it is where it may only be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model to compare with; null to look in without one.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="SemblanceException">The file is missing, no gallery, of another model, of a newer program, damaged, locked or under a key that is not given.</exception>
    public static SqliteGallery OpenExisting(string path, GalleryModel? model = null, GalleryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new SemblanceException($"{path} is a folder; expected a gallery file.");
        }

        if (!File.Exists(path))
        {
            throw new SemblanceException($"gallery {path} is missing; make one with 'semblance enroll'.");
        }

        return Open(path, model, options ?? new GalleryOptions(), create: false);
    }

    private static SqliteGallery Open(string path, GalleryModel? model, GalleryOptions options, bool create)
    {
        options.Validate();
        SqliteFile file = SqliteFile.Open(path, create ? model : null, options);
        try
        {
            GalleryMeta meta = file.Read(connection => GalleryMeta.Read(connection, null, path));
            if (model is not null)
            {
                meta.Model.Require(model, path);
            }

            meta.Encryption.Require(options.Keys, path);
            return new SqliteGallery(file, options, meta);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Configure(GallerySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        _file.Write(transaction =>
        {
            GalleryMeta.Write(transaction, settings);
            return true;
        });
        _settings = settings;
    }

    /// <inheritdoc/>
    public GalleryInfo Describe() => _file.Read(connection =>
    {
        using SqliteCommand command = Sql.Command(connection, null, "SELECT (SELECT count(*) FROM subjects), (SELECT count(*) FROM templates)");
        using SqliteDataReader reader = command.ExecuteReader();
        reader.Read();
        return new GalleryInfo(Location, Model, reader.GetInt64(0), reader.GetInt64(1), _created);
    });

    /// <inheritdoc/>
    public EnrolmentOutcome Enrol(IReadOnlyList<NewTemplate> batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (NewTemplate template in batch)
        {
            template.Validate(Model, Location);
        }

        return batch.Count == 0
            ? new EnrolmentOutcome(0, 0, [])
            : _file.Write(transaction => new Enrolment(transaction, _subjects, _codec, Location, _options.Clock).Add(batch, cancellationToken));
    }

    /// <inheritdoc/>
    public IReadOnlyList<bool> AreEnrolled(IReadOnlyList<TemplateKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return _file.Read(connection =>
        {
            using SqliteCommand command = Sql.Command(
                connection,
                null,
                "SELECT 1 FROM templates WHERE digest = $digest AND subject_id = (SELECT id FROM subjects WHERE name = $name)",
                "$digest", "$name");
            return keys.Select(key => command.With(key.Digest, key.Subject).ExecuteScalar() is not null).ToArray();
        });
    }

    /// <inheritdoc/>
    public GallerySubject? Find(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return _file.Read(connection => _subjects.Find(connection, "name", subject));
    }

    /// <inheritdoc/>
    public GallerySubject? FindExternal(string externalId)
    {
        ArgumentNullException.ThrowIfNull(externalId);
        return _file.Read(connection => _subjects.Find(connection, "external_id", externalId));
    }

    /// <inheritdoc/>
    public void Update(string subject, SubjectDetails details)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(details);
        details.Validate();
        bool known = _file.Write(transaction =>
        {
            using SqliteCommand find = Sql.Command(transaction, "SELECT 1 FROM subjects WHERE name = $name", "$name");
            if (find.With(subject).ExecuteScalar() is null)
            {
                return false;
            }

            _subjects.Update(transaction, subject, details, GalleryMeta.Count(transaction));
            return true;
        });
        if (!known)
        {
            throw Unknown(subject);
        }
    }

    /// <inheritdoc/>
    public void MarkSeen(IReadOnlyCollection<string> subjects, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        _file.Write(transaction =>
        {
            // A search has no use for last-seen times: the revision stays, and with it the index in memory.
            using SqliteCommand mark = Sql.Command(
                transaction, "UPDATE subjects SET last_seen = $at WHERE name = $name AND (last_seen IS NULL OR last_seen < $at)", "$name", "$at");
            return subjects.Sum(subject => mark.Run(subject, Timestamp.Write(at)));
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> RemoveExpired(DateTimeOffset now)
    {
        List<string> expired = _file.Write(transaction =>
        {
            List<string> names = SubjectRows.Expired(transaction, now);
            Delete(transaction, names);
            return names;
        });
        Erase(expired.Count > 0);
        return expired;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Writes the whole file anew, which takes time in proportion to its size. While another process reads, old bytes may stay in the -wal
    /// file until that reader has ended and this object is next used or closed.
    /// </remarks>
    public int Remove(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        int? removed = _file.Write<int?>(transaction =>
        {
            using SqliteCommand count = Sql.Command(
                transaction, "SELECT count(t.id) FROM subjects s LEFT JOIN templates t ON t.subject_id = s.id WHERE s.name = $name GROUP BY s.id", "$name");
            if (count.With(subject).ExecuteScalar() is not long templates)
            {
                return null;
            }

            Delete(transaction, [subject]);
            return (int)templates;
        });
        if (removed is null)
        {
            throw Unknown(subject);
        }

        Erase(removed: true);
        return removed.Value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GallerySubject> List(string? after = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _file.Read(connection => _subjects.Page(connection, after, limit));
    }

    /// <inheritdoc/>
    public IEnumerable<GalleryTemplate> ReadTemplates(CancellationToken cancellationToken = default)
    {
        using (TemplateReader reader = _file.Guarded(() => TemplateReader.Start(_file.Connect(), _codec)))
        {
            while (_file.Guarded(reader.Next) is { } template)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return template;
            }
        }

        _file.RetryEmptyingLog();
    }

    /// <inheritdoc/>
    public SubjectMatch[][] Search(
        ReadOnlySpan<float> probes, int count, int top, GalleryFilter? filter = null, CancellationToken cancellationToken = default) =>
        _index.Get(cancellationToken).SearchBatch(probes, count, top, filter, cancellationToken);

    /// <inheritdoc/>
    public long ChangeKeys(TemplateKeyRing? keys, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // Until all are written again this object reads and writes under both.
        TemplateKeyRing? both = keys is null ? _keys : keys.With(_keys);
        TemplateCodec codec = new(Model.EmbeddingSize, both, Location);
        (_keys, _codec) = (both, codec);
        return new KeyChange(_file, codec, keys?.FirstId).Run(progress, cancellationToken);
    }

    /// <inheritdoc/>
    public GalleryIndex LoadIndex(CancellationToken cancellationToken = default) => _index.Get(cancellationToken);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _index.Dispose();
        _indexReader?.Dispose();
        _file.RetryEmptyingLog();
        _file.Dispose();
    }

    private static void Delete(SqliteTransaction transaction, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        using SqliteCommand remove = Sql.Command(transaction, "DELETE FROM subjects WHERE name = $name", "$name");
        foreach (string name in names)
        {
            remove.Run(name);
        }

        GalleryMeta.Count(transaction);
        GalleryMeta.Count(transaction, "removals");
        GalleryMeta.OweErasure(transaction, owed: true);
    }

    private void Erase(bool removed)
    {
        if (removed)
        {
            _index.Forget();
        }

        if (removed || _file.Read(connection => GalleryMeta.Read(connection, null, Location).OwesErasure))
        {
            _file.Erase();
        }
    }

    /// <summary>The index as the file stands now: the last one, the last one with what is new, or all anew where something was removed.</summary>
    private GalleryIndex Refresh(GalleryIndex? last, CancellationToken cancellationToken)
    {
        _indexReader ??= _file.Connect();
        using SqliteTransaction transaction = _indexReader.BeginTransaction(deferred: true);
        GalleryMeta meta = GalleryMeta.Read(_indexReader, transaction, Location);
        if (last is not null && last.Revision == meta.Revision && last.Removals == meta.Removals)
        {
            return last;
        }

        if (last is not null && last.Removals == meta.Removals)
        {
            using TemplateReader beyond = TemplateReader.Start(transaction, _codec, last.LastTemplateId);
            return last.With(_subjects.ChangedSince(transaction, last.Revision), Templates(beyond), meta.Revision, cancellationToken);
        }

        using TemplateReader all = TemplateReader.Start(transaction, _codec, 0);
        return GalleryIndex.Load(
            Model.EmbeddingSize, _subjects.All(transaction), Templates(all), meta.Revision, meta.Removals, _options.Clock, cancellationToken);
    }

    private static IEnumerable<GalleryTemplate> Templates(TemplateReader reader)
    {
        while (reader.Next() is { } template)
        {
            yield return template;
        }
    }

    private SemblanceException Unknown(string subject) => SubjectName.Unknown(subject, Location, limit => List(limit: limit));
}

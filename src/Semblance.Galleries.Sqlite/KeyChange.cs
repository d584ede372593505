using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>Writes all templates again under another key, or encrypts or decrypts them, batch by batch while others read and write.</summary>
internal sealed class KeyChange(SqliteFile file, TemplateCodec codec, string? keyId)
{
    private const int RowsAtOnce = 256;

    /// <summary>Does it, or the rest of it where it was broken off.</summary>
    /// <returns>How many templates were written again.</returns>
    public long Run(IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        (long last, long total) = file.Write(Begin);

        // From here on everybody writes under the new key, so what there is to do ends with the last template of this moment.
        long at = 0, done = 0, rewritten = 0;
        while (at < last)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (long next, int read, int written) = file.Write(transaction => Rewrite(transaction, at));
            if (read == 0)
            {
                break;
            }

            (at, done, rewritten) = (next, done + read, rewritten + written);
            progress?.Report(new WorkProgress("changing keys", done, Math.Max(done, total), "templates"));
        }

        file.Write(transaction =>
        {
            RequireOwn(transaction);
            GalleryMeta.Write(transaction, new TemplateEncryption(keyId, Partial: false));
            return true;
        });
        file.Erase();
        return rewritten;
    }

    private (long Last, long Total) Begin(SqliteTransaction transaction)
    {
        SqliteConnection connection = transaction.Connection!;
        TemplateEncryption before = GalleryMeta.Read(connection, transaction, file.Path).Encryption;
        bool fromClear = before.Partial || before.KeyId is null;
        GalleryMeta.Write(transaction, new TemplateEncryption(keyId, Partial: fromClear && keyId is not null));
        GalleryMeta.OweErasure(transaction, owed: true);
        return (Sql.Number(connection, transaction, "SELECT coalesce(max(id), 0) FROM templates"), Sql.Number(connection, transaction, "SELECT count(*) FROM templates"));
    }

    private (long Last, int Read, int Written) Rewrite(SqliteTransaction transaction, long after)
    {
        RequireOwn(transaction);
        var old = new List<GalleryTemplate>();
        long last = after;
        int read = 0;
        using (TemplateReader reader = TemplateReader.Start(transaction, codec, after, RowsAtOnce))
        {
            while (reader.Next() is { } template)
            {
                (last, read) = (template.Id, read + 1);
                if (codec.KeyOf(reader.Blob) != keyId)
                {
                    old.Add(template);
                }
            }
        }

        using SqliteCommand update = Sql.Command(transaction, "UPDATE templates SET embedding = $embedding WHERE id = $id", "$embedding", "$id");
        foreach (GalleryTemplate template in old)
        {
            update.Run(codec.Write(template.Subject, template.Digest, template.Embedding, keyId), template.Id);
        }

        return (last, read, old.Count);
    }

    private void RequireOwn(SqliteTransaction transaction)
    {
        if (GalleryMeta.Read(transaction.Connection!, transaction, file.Path).Encryption.KeyId != keyId)
        {
            throw new SemblanceException($"gallery {file.Path}: somebody else changes its keys to others at the same time; look which key is wanted and run one change again.");
        }
    }
}

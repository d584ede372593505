using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Removes subjects, and then has the server write its files anew; where that fails the debt stays noted for the next removal.</summary>
internal sealed class Erasure(RedisServer server, GalleryKeys keys, GalleryWriter writer, string location)
{
    /// <summary>Removes subjects.</summary>
    /// <param name="choose">Says which, once it is this writer's turn.</param>
    public IReadOnlyList<GallerySubject> Erase(Func<IReadOnlyList<GallerySubject>> choose)
    {
        IReadOnlyList<GallerySubject> removed = [];
        bool owed = false;
        writer.Commit((changes, meta) =>
        {
            removed = choose();
            owed = meta.OwesErasure || removed.Count > 0;
            if (removed.Count > 0)
            {
                new SubjectWriting(server, location, changes).Remove(removed);
                changes.Meta("revision", meta.Revision + 1);
                changes.Meta("removals", meta.Removals + 1);
                changes.Meta("erasure_owed", 1);
            }
        });
        if (owed)
        {
            RewriteFiles();
        }

        return removed;
    }

    /// <summary>Pays the debt.</summary>
    public void RewriteFiles()
    {
        if (server.Guarded(() => server.RewriteFiles(keys.Everywhere)))
        {
            writer.Commit((changes, _) => changes.Meta("erasure_owed", RedisValue.Null));
        }
    }
}

using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Redis;

/// <summary>Lets the threads of this process, and then this process among others, write one after another.</summary>
internal sealed class GalleryWriter(RedisServer server, GalleryKeys keys, string location, GalleryOptions options, VectorSync vectors) : IDisposable
{
    private const int Attempts = 3;

    private readonly SemaphoreSlim _turn = new(1);
    private string? _lost;
    private bool _unmendable;

    /// <summary>Does work in a turn, brings the vector sets in line, and returns when all of it is as durable as the server makes it.</summary>
    /// <param name="work">The work: plans one commit, and may be called again where the turn was lost before it.</param>
    /// <param name="cancellationToken">Ends the waiting for the turn.</param>
    /// <exception cref="SemblanceException">The gallery may only be read, others write all the while, or the server fails.</exception>
    public T Write<T>(Func<WriteTurn, T> work, CancellationToken cancellationToken = default)
    {
        RequireWritable();
        _turn.Wait(cancellationToken);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    return server.Guarded(() => WriteInTurn(work, cancellationToken));
                }
                catch (LostTurnException) when (attempt < Attempts)
                {
                    // A machine under load may hold a program up now and then.
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Plans changes in a turn, and makes them.</summary>
    /// <param name="plan">Puts into the changes what is to be changed; nothing for nothing.</param>
    /// <exception cref="SemblanceException">As <see cref="Write"/>.</exception>
    public void Commit(Action<Changes, GalleryMeta> plan) => Write(turn =>
    {
        var changes = new Changes(keys);
        plan(changes, turn.Meta);
        if (!changes.IsEmpty)
        {
            turn.Commit(changes);
        }

        return true;
    });

    public void Dispose() => _turn.Dispose();

    /// <summary>Refuses to write where the gallery was opened to be read.</summary>
    public void RequireWritable()
    {
        if (options.ReadOnly)
        {
            throw new SemblanceException($"gallery {location} was opened for reading only.");
        }
    }

    private T WriteInTurn<T>(Func<WriteTurn, T> work, CancellationToken cancellationToken)
    {
        WriteTurn turn = WriteTurn.Take(server, keys, location, TimeSpan.FromSeconds(options.BusyTimeoutSeconds), _lost, cancellationToken);
        _lost = turn.Token;
        bool silent = false;
        try
        {
            // What a writer left behind that died between its transaction and its vectors, or a server that lost some; then what this one has changed.
            Line(turn);
            Mend(turn);
            T result = work(turn);
            Line(turn);
            server.Confirm(keys.Everywhere);
            return result;
        }
        catch (Exception e) when (RedisFailure.IsSilence(e))
        {
            silent = true;
            throw;
        }
        finally
        {
            _lost = !silent && turn.End() ? null : turn.Token;
        }
    }

    private void Line(WriteTurn turn)
    {
        long[] pending = RedisServer.All(keys.Shards.Select(shard => server.Database.SetLengthAsync(shard.Pending)));
        for (int i = 0; i < pending.Length; i++)
        {
            if (pending[i] > 0)
            {
                vectors.Run(keys.Shards[i], turn, location);
            }
        }
    }

    private void Mend(WriteTurn turn)
    {
        if (!turn.Meta.HasVectors || _unmendable || vectors.Missing(keys) == 0)
        {
            return;
        }

        foreach (ShardKeys shard in keys.Shards)
        {
            vectors.Mend(shard, turn, location);
        }

        // A server that miscounts would have every write look for what is not missing.
        _unmendable = vectors.Missing(keys) > 0;
    }
}

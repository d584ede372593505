using System.Diagnostics;
using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// The turn to write: one writer at a time, over all processes. It lies in a key that expires, so that a writer that died does not bar the
/// others for long; and every change is made only while the key still holds this turn's token, so that a writer that merely slept cannot
/// change what others have changed since.
/// </summary>
internal sealed class WriteTurn
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly RedisServer _server;
    private readonly GalleryKeys _keys;
    private readonly string _location;
    private readonly IntentLog _intents;

    private WriteTurn(RedisServer server, GalleryKeys keys, string location, string token)
    {
        (_server, _keys, _location, Token) = (server, keys, location, token);
        _intents = new IntentLog(server, keys, location);
    }

    /// <summary>What the key holds while the turn lasts.</summary>
    public string Token { get; }

    /// <summary>The gallery as it stands at the beginning of the turn.</summary>
    public GalleryMeta Meta { get; private set; } = null!;

    /// <summary>Waits for the turn.</summary>
    /// <param name="server">The server.</param>
    /// <param name="keys">The gallery's keys.</param>
    /// <param name="location">The gallery's name, for messages.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="lost">The token of this process's own last turn, where its end could not be told the server; it is taken over at once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SemblanceException">Others are writing all the while.</exception>
    public static WriteTurn Take(RedisServer server, GalleryKeys keys, string location, TimeSpan patience, string? lost, CancellationToken cancellationToken)
    {
        string token = Guid.NewGuid().ToString("N");
        var waited = Stopwatch.StartNew();
        for (int pause = 1; !TryTake(server.Database, keys.Turn, token, lost); pause = Math.Min(50, pause * 2))
        {
            if (waited.Elapsed > patience)
            {
                throw new SemblanceException($"gallery {location} is being written by others for more than {patience.TotalSeconds:0} s; try again when they have finished.");
            }

            cancellationToken.WaitHandle.WaitOne(pause);
            cancellationToken.ThrowIfCancellationRequested();
        }

        var turn = new WriteTurn(server, keys, location, token);
        turn._intents.Finish();
        turn.Meta = GalleryMeta.Read(server.Database, keys.Meta, location, cancellationToken)
            ?? throw new SemblanceException($"gallery {location} is gone: somebody deleted its keys.");
        return turn;
    }

    /// <summary>Makes changes: all or, where this throws, nothing, unless the connection broke so that nobody can tell.</summary>
    /// <exception cref="LostTurnException">The turn has passed to somebody else.</exception>
    public void Commit(Changes changes)
    {
        // A large batch may have taken most of the turn to plan.
        bool made = Renew();
        if (!made)
        {
            throw new LostTurnException(_location);
        }

        if (_keys.Shards.Count > 1)
        {
            made = _intents.Write(changes, Token, Meta.Sequence);
        }
        else
        {
            ITransaction transaction = _server.Database.CreateTransaction();
            transaction.AddCondition(Condition.StringEqual(_keys.Turn, Token));
            Task[] sent = [.. changes.All.Select(change => change.Send(transaction))];
            made = transaction.Execute();
            if (made)
            {
                Task.WaitAll(sent);
            }
        }

        if (!made)
        {
            throw new LostTurnException(_location);
        }

        Meta = GalleryMeta.Read(_server.Database, _keys.Meta, _location)!;
    }

    /// <summary>Goes on for another while.</summary>
    /// <returns>Whether the turn is still this one's.</returns>
    public bool Renew()
    {
        ITransaction transaction = _server.Database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(_keys.Turn, Token));
        _ = transaction.StringSetAsync(_keys.Turn, Token, Lease);
        return transaction.Execute();
    }

    /// <summary>Ends the turn.</summary>
    /// <returns>Whether the server was told; false where it could not be reached.</returns>
    public bool End()
    {
        try
        {
            ITransaction transaction = _server.Database.CreateTransaction();
            transaction.AddCondition(Condition.StringEqual(_keys.Turn, Token));
            _ = transaction.KeyDeleteAsync(_keys.Turn);
            transaction.Execute();
            return true;
        }
        catch (Exception e) when (RedisFailure.IsOne(e))
        {
            return false;
        }
    }

    private static bool TryTake(IDatabase database, RedisKey key, string token, string? lost)
    {
        if (database.StringSet(key, token, Lease, When.NotExists))
        {
            return true;
        }

        if (lost is null)
        {
            return false;
        }

        ITransaction transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(key, lost));
        _ = transaction.StringSetAsync(key, token, Lease);
        return transaction.Execute();
    }
}

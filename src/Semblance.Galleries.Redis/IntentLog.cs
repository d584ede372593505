using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// Changes over several shards, which no transaction spans. They are first written down whole, in one transaction beside the writer's turn:
/// from then on they hold. Then each shard makes its part, and notes their number with it; last the gallery's own keys, with which new
/// templates become visible. Whoever takes the next turn finishes what a writer has left behind; a part that was made is never made again.
/// </summary>
internal sealed class IntentLog(RedisServer server, GalleryKeys keys, string location)
{
    private IDatabase Database => server.Database;

    /// <summary>Writes changes down and makes them.</summary>
    /// <returns>False, and nothing is changed, where the turn has passed to somebody else.</returns>
    public bool Write(Changes changes, string token, long lastNumber)
    {
        // Numbers must rise even where a server has lost its last ones in a crash, or parts would pass for made.
        long number = Math.Max(lastNumber + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000);
        changes.Meta("sequence", number);
        ITransaction transaction = Database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(keys.Turn, token));
        transaction.AddCondition(Condition.KeyNotExists(keys.Intent));
        _ = transaction.StringSetAsync(keys.Intent, changes.ToBytes(number));
        _ = transaction.StringSetAsync(keys.IntentNumber, number);
        if (!transaction.Execute())
        {
            return false;
        }

        // On disk before the first shard begins: a machine that lost it could not finish what others have begun.
        server.Confirm([keys.Meta]);
        Apply(number, changes);
        return true;
    }

    /// <summary>Makes the rest of changes that a writer has left behind.</summary>
    public void Finish()
    {
        if (keys.Shards.Count == 1 || (byte[]?)Database.StringGet(keys.Intent) is not { } bytes)
        {
            return;
        }

        try
        {
            (long number, Changes changes) = Changes.FromBytes(keys, bytes);
            Apply(number, changes);
        }
        catch (InvalidDataException e)
        {
            throw new SemblanceException($"gallery {location} cannot be written: another program has left changes unfinished that this one cannot read ({e.Message}).", e);
        }
    }

    private void Apply(long number, Changes changes)
    {
        foreach (ShardKeys shard in changes.Shards)
        {
            while ((long?)Database.StringGet(shard.Applied) is var applied && !(applied >= number))
            {
                ITransaction transaction = Database.CreateTransaction();
                transaction.AddCondition(applied is { } last ? Condition.StringEqual(shard.Applied, last) : Condition.KeyNotExists(shard.Applied));
                Task[] sent = [.. changes.Of(shard.Number).Select(change => change.Send(transaction))];
                _ = transaction.StringSetAsync(shard.Applied, number);
                if (transaction.Execute())
                {
                    Task.WaitAll(sent);
                    break;
                }
            }
        }

        ITransaction end = Database.CreateTransaction();
        end.AddCondition(Condition.StringEqual(keys.IntentNumber, number));
        Task[] own = [.. changes.Of(null).Select(change => change.Send(end))];
        _ = end.KeyDeleteAsync([keys.Intent, keys.IntentNumber]);
        if (end.Execute())
        {
            Task.WaitAll(own);
        }
    }
}

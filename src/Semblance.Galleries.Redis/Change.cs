using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>One command that changes one key. Done twice it leaves what it left when done once.</summary>
/// <param name="Shard">The shard that the key lies in; null for the gallery's own keys.</param>
/// <param name="Command">The command.</param>
/// <param name="Key">The key.</param>
/// <param name="Words">What follows the key.</param>
internal sealed record Change(int? Shard, string Command, RedisKey Key, RedisValue[] Words)
{
    public Task Send(IDatabaseAsync database)
    {
        object[] words = new object[Words.Length + 1];
        words[0] = Key;
        for (int i = 0; i < Words.Length; i++)
        {
            words[i + 1] = Words[i];
        }

        return database.ExecuteAsync(Command, words);
    }
}

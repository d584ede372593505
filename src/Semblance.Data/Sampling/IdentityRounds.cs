using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>Visits identities in random order, each once before any is visited again, and none twice in a batch.</summary>
internal sealed class IdentityRounds(int count)
{
    // The next one stands at the end, where taking it away is cheap.
    private readonly List<int> _waiting = [];

    /// <summary>The next identity that the batch does not hold yet; those it holds wait for the next batch.</summary>
    /// <param name="batch">The identities of the batch so far, fewer than there are in all.</param>
    /// <param name="random">The draws.</param>
    public int Next(IReadOnlySet<int> batch, ref CountedRandom random)
    {
        int at = _waiting.FindLastIndex(identity => !batch.Contains(identity));
        if (at < 0)
        {
            int[] round = [.. Enumerable.Range(0, count)];
            random.Shuffle<int>(round);
            Array.Reverse(round);
            _waiting.InsertRange(0, round);
            at = _waiting.FindLastIndex(identity => !batch.Contains(identity));
        }

        int next = _waiting[at];
        _waiting.RemoveAt(at);
        return next;
    }
}

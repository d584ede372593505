namespace Semblance.Recognition.Search;

/// <summary>
/// A store's index in memory that is brought up to date before each use: for stores without an index of their own. One thread refreshes
/// while the others wait, so that a search sees all that was acknowledged before it began.
/// </summary>
/// <param name="refresh">
/// Given the last index (null at first), gives the present one: the same object where the store has not changed. Called by one thread at a time.
/// </param>
public sealed class CurrentIndex(Func<GalleryIndex?, CancellationToken, GalleryIndex> refresh) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private GalleryIndex? _index;

    /// <summary>The index as the store stands now. It is immutable: later changes need another call.</summary>
    /// <param name="cancellationToken">Ends waiting and loading.</param>
    public GalleryIndex Get(CancellationToken cancellationToken = default)
    {
        _turn.Wait(cancellationToken);
        try
        {
            return _index = refresh(_index, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets the index: the next use loads all of it, and what was removed leaves the memory now.</summary>
    public void Forget() => _index = null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _index = null;
        _turn.Dispose();
    }
}

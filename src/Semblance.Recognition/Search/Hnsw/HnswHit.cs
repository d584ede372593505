namespace Semblance.Recognition.Search;

/// <summary>A row that was scored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">Its cosine.</param>
/// <param name="Slot">Where it was.</param>
/// <param name="Version">The slot's version at that time.</param>
internal readonly record struct HnswHit(long Id, float Score, int Slot, int Version) : IComparable<HnswHit>
{
    /// <summary>Falling scores, then rising ids.</summary>
    public int CompareTo(HnswHit other) => Score != other.Score ? other.Score.CompareTo(Score) : Id.CompareTo(other.Id);
}

namespace Semblance.Recognition.Search;

/// <summary>Finds which rows have one of the ids to remove: a few ids are looked for one by one (eight bytes a row at the memory's rate), many by a set.</summary>
internal sealed class RemovedIds
{
    private const int Few = 8;

    private readonly long[] _ids;
    private readonly HashSet<long>? _set;

    public RemovedIds(ReadOnlySpan<long> ids)
    {
        _ids = ids.ToArray();
        _set = ids.Length > Few ? [.. _ids] : null;
    }

    /// <summary>Positions whose id is to go; a position may come twice.</summary>
    public List<int> In(ReadOnlySpan<long> rowIds)
    {
        var rows = new List<int>();
        if (_set is not null)
        {
            for (int row = 0; row < rowIds.Length; row++)
            {
                if (_set.Contains(rowIds[row]))
                {
                    rows.Add(row);
                }
            }

            return rows;
        }

        foreach (long id in _ids)
        {
            for (int row = rowIds.IndexOf(id); row >= 0;)
            {
                rows.Add(row);
                int next = rowIds[(row + 1)..].IndexOf(id);
                row = next < 0 ? -1 : row + 1 + next;
            }
        }

        return rows;
    }
}

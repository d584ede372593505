using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples.Cells;

/// <summary>Triplets that were found row by row, to be put into one list in the order of anchors whichever thread found them.</summary>
internal sealed class TripletsFound
{
    private readonly List<(int Positive, int Negative)>?[] _ofAnchor;

    private TripletsFound(int anchors) => _ofAnchor = new List<(int, int)>?[anchors];

    /// <summary>Looks through all anchors.</summary>
    /// <param name="anchors">Number of anchors.</param>
    /// <param name="cellsPerAnchor">Work for one, in cells.</param>
    /// <param name="references">Number of references; the scratch row handed on is padded to hold that many.</param>
    /// <param name="find">From an anchor and a scratch row adds its triplets.</param>
    /// <param name="device">Where the list goes.</param>
    /// <typeparam name="T">float or double.</typeparam>
    public static TripletSelection Each<T>(int anchors, long cellsPerAnchor, int references, Device device, Action<int, T[], List<(int Positive, int Negative)>> find)
    {
        TripletsFound found = new(anchors);
        RowLoop.Run(anchors, cellsPerAnchor, (from, to) =>
        {
            T[] scratch = new T[ExcessRow.Padded<T>(references)];
            for (int i = from; i < to; i++)
            {
                List<(int, int)> triplets = [];
                find(i, scratch, triplets);
                found._ofAnchor[i] = triplets;
            }
        });
        return found.ToSelection(device);
    }

    private TripletSelection ToSelection(Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = _ofAnchor.Sum(t => (long)t!.Count);
        Tensor[] columns = [empty(count, ScalarType.Int64), empty(count, ScalarType.Int64), empty(count, ScalarType.Int64)];
        if (count > 0)
        {
            (Grid<long> anchors, Grid<long> positives, Grid<long> negatives) = (Grid<long>.Of(columns[0]), Grid<long>.Of(columns[1]), Grid<long>.Of(columns[2]));
            int next = 0;
            for (int i = 0; i < _ofAnchor.Length; i++)
            {
                foreach ((int positive, int negative) in _ofAnchor[i]!)
                {
                    (anchors[0][next], positives[0][next], negatives[0][next]) = (i, positive, negative);
                    next++;
                }
            }
        }

        return new TripletSelection(new TripletIndices(
            columns[0].to(device).MoveToOuterDisposeScope(), columns[1].to(device).MoveToOuterDisposeScope(), columns[2].to(device).MoveToOuterDisposeScope()));
    }
}

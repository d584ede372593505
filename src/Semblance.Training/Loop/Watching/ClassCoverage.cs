namespace Semblance.Training.Loop.Watching;

/// <summary>Which identities an epoch meets. A function of the epoch's batches alone, so a resumed epoch counts the same.</summary>
internal sealed class ClassCoverage
{
    private readonly IReadOnlyList<int> _labels;
    private readonly int[][] _batches;
    private readonly bool[] _met;
    private int _counted;

    /// <summary>Takes an epoch's plan.</summary>
    /// <param name="batches">The photos of each batch.</param>
    /// <param name="labels">The identity of each photo.</param>
    /// <param name="classCount">Number of identities.</param>
    public ClassCoverage(int[][] batches, IReadOnlyList<int> labels, int classCount)
    {
        (_labels, _batches, _met) = (labels, batches, new bool[classCount]);
        Planned = batches.SelectMany(batch => batch).Select(photo => labels[photo]).Distinct().Count();
    }

    /// <summary>Number of identities.</summary>
    public int ClassCount => _met.Length;

    /// <summary>Identities that the whole epoch meets.</summary>
    public int Planned { get; }

    /// <summary>Identities met so far.</summary>
    public int Met { get; private set; }

    /// <summary>Counts up to a batch.</summary>
    /// <param name="batches">Number of batches that are done.</param>
    public void CountTo(int batches)
    {
        for (; _counted < batches; _counted++)
        {
            foreach (int photo in _batches[_counted])
            {
                Met += _met[_labels[photo]] ? 0 : 1;
                _met[_labels[photo]] = true;
            }
        }
    }
}

using static TorchSharp.torch;

namespace Semblance.Training.Tuples.Cells;

/// <summary>Runs over rows on as many threads as libtorch may use. Rows are independent, so results do not depend on how they are shared out.</summary>
internal static class RowLoop
{
    // Below this a second thread costs more than it brings.
    private const long CellsWorthAThread = 1 << 16;

    /// <summary>Runs.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="cellsPerRow">Work in a row, in cells.</param>
    /// <param name="part">Takes the rows from its first argument up to, not including, its second.</param>
    public static void Run(int rows, long cellsPerRow, Action<int, int> part)
    {
        int threads = (int)Math.Clamp(rows * cellsPerRow / CellsWorthAThread, 1, get_num_threads());
        if (threads == 1)
        {
            part(0, rows);
            return;
        }

        // More parts than threads: a thread that another process holds up does not hold up the rest.
        int parts = Math.Min(rows, threads * 8);
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads },
            index => part((int)((long)rows * index / parts), (int)((long)rows * (index + 1) / parts)));
    }
}

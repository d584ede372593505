using System.Numerics;

namespace Semblance.Training.Tuples.Cells;

/// <summary>The batch as a miner reads it: an anchor's distances and the masks of its positives and negatives as rows of memory.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly struct MiningRows<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Reads the batch; the tensors are owned by the caller's dispose scope.</summary>
    /// <param name="distances">The distances of the batch.</param>
    /// <param name="relations">Who is the same person.</param>
    public MiningRows(DistanceMatrix distances, IdentityRelations relations)
    {
        Distances = Grid<T>.Of(MaskedRows.OnCpu(distances.Numbers));
        Same = Grid<byte>.Of(MaskedRows.OnCpu(relations.Same));
        Different = Grid<byte>.Of(MaskedRows.OnCpu(relations.Different));
    }

    /// <summary>[anchors × references].</summary>
    public Grid<T> Distances { get; }

    /// <summary>Positives.</summary>
    public Grid<byte> Same { get; }

    /// <summary>Negatives.</summary>
    public Grid<byte> Different { get; }
}

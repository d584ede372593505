using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Which photos of a batch show the same person, and which do not.</summary>
public sealed class IdentityRelations
{
    private IdentityRelations(Tensor same, Tensor different) => (Same, Different) = (same, different);

    /// <summary>[anchors × references] bool: same label, a photo with itself left out. Owned by the dispose scope of <see cref="Of(Tensor, Tensor?)"/>'s caller.</summary>
    public Tensor Same { get; }

    /// <summary>[anchors × references] bool: different labels. Owned by the dispose scope of <see cref="Of(Tensor, Tensor?)"/>'s caller.</summary>
    public Tensor Different { get; }

    /// <summary>Compares all labels.</summary>
    /// <param name="labels">[batch] int64.</param>
    /// <param name="further">[n] int64: labels of references beyond the batch (a memory), which come after those of the batch; null for none.</param>
    public static IdentityRelations Of(Tensor labels, Tensor? further = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        Tensor references = further is null ? labels : cat([labels, further]);
        long[] classes = [.. Grid<long>.Of(references.cpu().contiguous())[0]];
        int anchors = (int)labels.shape[0];
        Tensor same = empty(anchors, classes.Length, ScalarType.Bool);
        Tensor different = empty(anchors, classes.Length, ScalarType.Bool);
        Grid<byte> sameCells = Grid<byte>.Of(same);
        Grid<byte> differentCells = Grid<byte>.Of(different);
        Dictionary<long, int> firstOfClass = [];
        for (int i = 0; i < anchors; i++)
        {
            if (firstOfClass.TryGetValue(classes[i], out int first))
            {
                sameCells[first].CopyTo(sameCells[i]);
                differentCells[first].CopyTo(differentCells[i]);
                continue;
            }

            firstOfClass[classes[i]] = i;
            Span<byte> sameRow = sameCells[i];
            Span<byte> differentRow = differentCells[i];
            for (int j = 0; j < classes.Length; j++)
            {
                bool equal = classes[j] == classes[i];
                (sameRow[j], differentRow[j]) = (equal ? (byte)1 : (byte)0, equal ? (byte)0 : (byte)1);
            }
        }

        for (int i = 0; i < anchors; i++)
        {
            sameCells[i][i] = 0;
        }

        return new IdentityRelations(same.to(labels.device).MoveToOuterDisposeScope(), different.to(labels.device).MoveToOuterDisposeScope());
    }
}

using Semblance.Recognition.Search;

namespace Semblance.Recognition.Clustering;

/// <summary>Embeddings to cluster, scaled to unit length, one after the other in memory. Immutable.</summary>
public sealed class FaceVectors
{
    private readonly float[] _values;

    /// <summary>Copies embeddings.</summary>
    /// <param name="rows">The embeddings, of one length; need not be of unit length. A zero vector has cosine 0 to everything.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a value is no finite number.</exception>
    /// <exception cref="SemblanceException">They are too many to lie one after the other: above 2³¹ numbers.</exception>
    public FaceVectors(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Count = rows.Count;
        Dimension = Count > 0 ? rows[0].Length : 1;
        if (Count * (long)Dimension > Array.MaxLength)
        {
            throw new SemblanceException($"{Count} faces are too many to cluster at once; with {Dimension} numbers each, up to {Array.MaxLength / Dimension} can be.");
        }

        _values = new float[Count * (long)Dimension];
        for (int i = 0; i < Count; i++)
        {
            if (rows[i].Length != Dimension || Dimension == 0)
            {
                throw new ArgumentException($"Embedding {i} has {rows[i].Length} numbers; {Math.Max(1, Dimension)} expected.", nameof(rows));
            }

            if (!rows[i].All(float.IsFinite))
            {
                throw new ArgumentException($"Embedding {i} holds a value that is no finite number.", nameof(rows));
            }

            UnitLength.Scale(rows[i], _values.AsSpan(i * Dimension, Dimension));
        }
    }

    /// <summary>Number of embeddings.</summary>
    public int Count { get; }

    /// <summary>Numbers in an embedding; 1 where there is none.</summary>
    public int Dimension { get; }

    /// <summary>An embedding, of unit length.</summary>
    /// <param name="face">Its number, from 0.</param>
    public ReadOnlySpan<float> this[int face] => _values.AsSpan(face * Dimension, Dimension);

    /// <summary>Neighbouring embeddings, one after the other.</summary>
    /// <param name="first">The first one's number.</param>
    /// <param name="count">How many.</param>
    public ReadOnlySpan<float> Slice(int first, int count) => _values.AsSpan(first * Dimension, count * Dimension);

    /// <summary>An exact index over all, the number being the id.</summary>
    internal ExactIndex ToIndex() =>
        ExactIndex.Empty(Dimension).Add([.. Enumerable.Range(0, Count).Select(i => (long)i)], _values);
}

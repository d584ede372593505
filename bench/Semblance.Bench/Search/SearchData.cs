using System.Numerics.Tensors;
using Semblance.Numerics;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Search;

/// <summary>Vectors to search among, of unit length.</summary>
internal static class SearchData
{
    private const int Piece = 1024;

    /// <summary>Gaussian vectors: directions without any structure, the hardest to tell apart.</summary>
    public static float[] Random(int rows, int dimension, ulong seed) => Make(rows, dimension, seed, (_, _) => { });

    /// <summary>
    /// Real embeddings, each repeated with noise of six tenths of its length, as other photos of the same faces: cosine 0.86 to the original.
    /// The first rows are the originals themselves.
    /// </summary>
    public static float[] Enlarged(float[] real, int rows, int dimension, ulong seed)
    {
        float share = (float)(0.6 / Math.Sqrt(dimension));
        int count = real.Length / dimension;
        return Make(rows, dimension, seed, (row, vector) =>
        {
            ReadOnlySpan<float> original = real.AsSpan(row % count * dimension, dimension);
            float length = MathF.Sqrt(TensorPrimitives.Dot(original, original));
            for (int c = 0; c < dimension; c++)
            {
                vector[c] = (original[c] / length) + (row < count ? 0 : share * vector[c]);
            }
        });
    }

    /// <summary>
    /// Unit vectors with the structure of face embeddings, made up: identities lie in 64 of the dimensions' directions, and a photo is its
    /// identity's vector, plus 0.45 of its length within those directions, plus 0.5 in all. Photos of one identity have cosine 0.69 to each
    /// other; those of others 0 ± 0.125.
    /// </summary>
    /// <param name="rows">How many photos; row i is of identity i modulo <paramref name="identities"/>.</param>
    /// <param name="dimension">Numbers in a vector.</param>
    /// <param name="identities">How many identities.</param>
    /// <param name="seed">Of the photos; identities are the same for all seeds.</param>
    /// <param name="first">The first row, where rows are made in several parts.</param>
    public static float[] Clustered(int rows, int dimension, int identities, ulong seed, int first = 0)
    {
        const int Directions = 64;
        const ulong IdentitySeed = 77;
        float[] basis = Random(Directions, dimension, IdentitySeed);
        return Make(rows, dimension, seed + ((ulong)first << 8), (row, vector) =>
        {
            var photo = new CountedRandom(seed, 1, (ulong)(first + row));
            var identity = new CountedRandom(IdentitySeed, 2, (ulong)((first + row) % identities));
            TensorPrimitives.Multiply(vector, 0.5f / TensorPrimitives.Norm<float>(vector), vector);
            Span<float> scales = stackalloc float[Directions];
            for (int i = 0; i < Directions; i++)
            {
                scales[i] = (float)(identity.NextGaussian() + (0.45 * photo.NextGaussian()));
            }

            float share = 1 / MathF.Sqrt(Directions);
            for (int i = 0; i < Directions; i++)
            {
                TensorPrimitives.MultiplyAdd(basis.AsSpan(i * dimension, dimension), scales[i] * share, vector, vector);
            }
        });
    }

    /// <summary>Reads a whole .npy file.</summary>
    public static (float[] Values, int Columns) Read(string path)
    {
        using NumpyMatrix matrix = NumpyMatrix.Open(path);
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.Read(0, matrix.Rows, values);
        return (values, matrix.Columns);
    }

    private delegate void Change(int row, Span<float> gaussian);

    private static float[] Make(int rows, int dimension, ulong seed, Change change)
    {
        float[] values = new float[rows * dimension];
        Parallel.For(0, (rows + Piece - 1) / Piece, piece =>
        {
            var random = new CountedRandom((seed << 32) + (ulong)piece);
            for (int row = piece * Piece; row < Math.Min(rows, (piece + 1) * Piece); row++)
            {
                Span<float> vector = values.AsSpan(row * dimension, dimension);
                for (int c = 0; c < dimension; c++)
                {
                    vector[c] = (float)random.NextGaussian();
                }

                change(row, vector);
                float length = MathF.Sqrt(TensorPrimitives.Dot<float>(vector, vector));
                TensorPrimitives.Divide(vector, length, vector);
            }
        });
        return values;
    }
}

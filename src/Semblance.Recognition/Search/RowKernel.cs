using System.Runtime.CompilerServices;

namespace Semblance.Recognition.Search;

/// <summary>Dot products of rows that lie whole, with the very chain of multiply-adds that <see cref="PanelKernel"/> has, eight chains at once.</summary>
internal static unsafe class RowKernel
{
    /// <summary>Rows in a call.</summary>
    public const int AtOnce = 8;

    public static void Eight(float** rows, ref float probe, int dimension, Span<float> scores)
    {
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3], r4 = rows[4], r5 = rows[5], r6 = rows[6], r7 = rows[7];
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        for (nint c = 0; c < dimension; c++)
        {
            float p = Unsafe.Add(ref probe, c);
            s0 = float.MultiplyAddEstimate(r0[c], p, s0);
            s1 = float.MultiplyAddEstimate(r1[c], p, s1);
            s2 = float.MultiplyAddEstimate(r2[c], p, s2);
            s3 = float.MultiplyAddEstimate(r3[c], p, s3);
            s4 = float.MultiplyAddEstimate(r4[c], p, s4);
            s5 = float.MultiplyAddEstimate(r5[c], p, s5);
            s6 = float.MultiplyAddEstimate(r6[c], p, s6);
            s7 = float.MultiplyAddEstimate(r7[c], p, s7);
        }

        (scores[0], scores[1], scores[2], scores[3]) = (s0, s1, s2, s3);
        (scores[4], scores[5], scores[6], scores[7]) = (s4, s5, s6, s7);
    }
}

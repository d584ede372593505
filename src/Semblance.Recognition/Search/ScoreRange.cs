using System.Runtime.Intrinsics;

namespace Semblance.Recognition.Search;

/// <summary>Ranges of scores from products of rounded vectors. See <see cref="Int8Scan"/> for why they hold.</summary>
internal static unsafe class ScoreRange
{
    private const int Rows = PanelSegment.PanelRows;

    /// <summary>Half the length of a range.</summary>
    public static float Radius(float rowError, float probeError, float slack) => (rowError * (1 + probeError)) + (probeError + slack);

    /// <summary>The upper ends for a panel's rows.</summary>
    /// <returns>The largest of them.</returns>
    public static float Upper(ref int products, float* scales, float probeScale, float probeError, float slack, ref float upper)
    {
        var scale = Vector256.Create(probeScale);
        var perError = Vector256.Create(1 + probeError);
        var always = Vector256.Create(probeError + slack);
        var largest = Vector256.Create(float.NegativeInfinity);
        for (int i = 0; i < Rows; i += Vector256<float>.Count)
        {
            Vector256<float> score = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref products, (nuint)i)) * (Vector256.Load(scales + i) * scale);
            Vector256<float> end = score + ((Vector256.Load(scales + Rows + i) * perError) + always);
            end.StoreUnsafe(ref upper, (nuint)i);
            largest = Vector256.MaxNative(largest, end);
        }

        Vector128<float> half = Vector128.MaxNative(largest.GetLower(), largest.GetUpper());
        half = Vector128.MaxNative(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(half[0], half[1]);
    }
}

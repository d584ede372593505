namespace Semblance.Recognition.Search;

/// <summary>What stands behind a code: row ≈ scale × (byte − 128).</summary>
/// <param name="scale">The scale; no number where the row was removed.</param>
/// <param name="error">The length of what rounding took away.</param>
/// <param name="sum">The sum of the signed bytes.</param>
internal struct CodeTail(float scale, float error, int sum)
{
    public float Scale = scale;
    public float Error = error;
    public int Sum = sum;
}

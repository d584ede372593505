using System.Runtime.InteropServices;

namespace Semblance.Recognition.Search;

/// <summary>
/// Panels of bytes with a scale per row: row ≈ scale × (byte − 128). Four columns of a row lie together, since byte products are summed by
/// fours; then come the 32 scales and, for each row, the length of what rounding took away. The float32 rows are kept beside them.
/// </summary>
internal sealed unsafe class Int8Rows : RowFormat
{
    /// <summary>Columns that lie together.</summary>
    public const int Together = 4;

    /// <summary>What is added to make a byte of a signed number.</summary>
    public const int Bias = 128;

    private const int Rows = PanelSegment.PanelRows;
    private const int Largest = 127;

    /// <inheritdoc/>
    public override RowStorage Storage => RowStorage.Int8;

    /// <inheritdoc/>
    public override string Description => "flat-int8";

    /// <inheritdoc/>
    public override bool KeepsOriginals => true;

    /// <summary>Fours of columns in a row.</summary>
    public static int Fours(int dimension) => (dimension + Together - 1) / Together;

    /// <summary>The 32 scales of a panel; the 32 lengths of rounding errors follow.</summary>
    public static float* Scales(byte* panel, int dimension) => (float*)(panel + (Fours(dimension) * Together * Rows));

    /// <summary>Rounds a vector to scale × integers in [−127, 127].</summary>
    /// <param name="vector">The numbers.</param>
    /// <param name="rounded">As many integers.</param>
    /// <returns>The scale, and a length that vector − scale × integers does not exceed.</returns>
    public static (float Scale, float Error) Quantize(ReadOnlySpan<float> vector, Span<sbyte> rounded)
    {
        float largest = 0;
        foreach (float value in vector)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        float scale = largest / Largest;
        float inverse = scale > 0 ? 1 / scale : 0;
        if (!float.IsFinite(inverse))
        {
            // So small that float32 has no reciprocal: all of it counts as error.
            (scale, inverse) = (0, 0);
        }

        double square = 0;
        for (int c = 0; c < vector.Length; c++)
        {
            float nearest = Math.Clamp(MathF.Round(vector[c] * inverse), -Largest, Largest);
            rounded[c] = (sbyte)nearest;
            double error = vector[c] - ((double)scale * nearest);
            square += error * error;
        }

        return (scale, (float)(Math.Sqrt(square) * (1 + 1e-6)));
    }

    /// <inheritdoc/>
    public override int PanelBytes(int dimension) => (Fours(dimension) * Together * Rows) + (2 * Rows * sizeof(float));

    /// <inheritdoc/>
    public override void Write(byte* panel, int lane, ReadOnlySpan<float> unit)
    {
        int padded = Fours(unit.Length) * Together;
        sbyte[]? rented = padded > 4096 ? new sbyte[padded] : null;
        Span<sbyte> rounded = rented ?? stackalloc sbyte[padded];
        rounded[unit.Length..].Clear();
        (float scale, float error) = Quantize(unit, rounded);
        uint* to = (uint*)panel + lane;
        ReadOnlySpan<uint> fours = MemoryMarshal.Cast<sbyte, uint>(rounded);
        for (int f = 0; f < fours.Length; f++)
        {
            // Turning the top bit adds the bias.
            to[(nint)f * Rows] = fours[f] ^ 0x80808080;
        }

        float* scales = Scales(panel, unit.Length);
        scales[lane] = scale;
        scales[Rows + lane] = error;
    }

    /// <inheritdoc/>
    public override void Copy(byte* from, int fromLane, byte* to, int toLane, int dimension)
    {
        // Scales and errors are laid out as two more fours.
        for (nint f = 0; f < Fours(dimension) + 2; f++)
        {
            ((uint*)to)[(f * Rows) + toLane] = ((uint*)from)[(f * Rows) + fromLane];
        }
    }

    /// <inheritdoc/>
    public override TopHits Search(ScanRequest request) => new Int8Scan(request).Best();
}

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>A box that a model's numbers are offsets of, in pixels of the frame.</summary>
/// <param name="X">Its centre.</param>
/// <param name="Y">Its centre.</param>
/// <param name="Side">Its width and height.</param>
internal readonly record struct PriorBox(float X, float Y, float Side);

/// <summary>
/// The square priors of SSD-like detectors: at each stride, row by row, cell by cell, one box per size around the cell's middle. Kept for the
/// last frame size, since most models have one alone.
/// </summary>
internal sealed class PriorBoxes(IReadOnlyList<PriorBoxes.Level> levels)
{
    private Kept? _last;

    /// <summary>The priors of the PyTorch RetinaFace (mobilenet0.25, Resnet50).</summary>
    public static PriorBoxes RetinaFace() => new([new(8, [16, 32]), new(16, [64, 128]), new(32, [256, 512])]);

    /// <summary>The priors of Ultra-Light and of YuNet as of 2022.</summary>
    public static PriorBoxes UltraLight() =>
        new([new(8, [10, 16, 24]), new(16, [32, 48]), new(32, [64, 96]), new(64, [128, 192, 256])]);

    /// <summary>The number of priors of a frame.</summary>
    public int Count(int width, int height) => levels.Sum(l => new GridLevel(l.Stride).Cells(width, height) * l.Sides.Length);

    /// <summary>The priors of a frame.</summary>
    public PriorBox[] For(int width, int height)
    {
        if (_last is { } last && last.Width == width && last.Height == height)
        {
            return last.Priors;
        }

        var priors = new List<PriorBox>(Count(width, height));
        foreach (Level level in levels)
        {
            var grid = new GridLevel(level.Stride);
            for (int y = 0; y < grid.Rows(height); y++)
            {
                for (int x = 0; x < grid.Columns(width); x++)
                {
                    foreach (float side in level.Sides)
                    {
                        priors.Add(new PriorBox((x + 0.5f) * level.Stride, (y + 0.5f) * level.Stride, side));
                    }
                }
            }
        }

        _last = new Kept(width, height, [.. priors]);
        return _last.Priors;
    }

    /// <summary>The sizes of one stride.</summary>
    /// <param name="Stride">Frame pixels per cell.</param>
    /// <param name="Sides">Sides of the boxes in frame pixels.</param>
    internal sealed record Level(int Stride, float[] Sides);

    private sealed record Kept(int Width, int Height, PriorBox[] Priors);
}

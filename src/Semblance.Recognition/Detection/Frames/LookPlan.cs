namespace Semblance.Recognition.Detection.Frames;

/// <summary>
/// Which views of a photo a detector looks at: the whole, and where faces of interest would be too small in it, overlapping tiles at one or
/// more scales. Tiles overlap by what the next coarser scale finds reliably, so that a face is whole in one tile at some scale.
/// </summary>
internal static class LookPlan
{
    /// <summary>The size that a face must have beside the photo to be looked for without being asked: 1/40.</summary>
    private const double FaceShare = 1 / 40.0;

    /// <summary>The least face that is looked for without being asked, in photo pixels.</summary>
    private const double LeastFace = 40;

    private const double LeastFaceThorough = 20;

    /// <summary>The most that a scale is above the next coarser one.</summary>
    private const double ScaleStep = 2.5;

    /// <summary>Below this factor a closer look is not worth its time.</summary>
    private const double WorthAStep = 1.5;

    /// <summary>The most tiles of one photo; where more would be needed, the smallest faces are given up.</summary>
    private const int MaxTiles = 400;

    /// <summary>Plans the views besides the whole photo.</summary>
    /// <param name="photoWidth">The photo's width.</param>
    /// <param name="photoHeight">The photo's height.</param>
    /// <param name="whole">The view of the whole photo.</param>
    /// <param name="reliableHeight">The height in frame pixels from which on faces are found.</param>
    /// <param name="options">How hard to look.</param>
    public static List<Letterbox> Tiles(int photoWidth, int photoHeight, Letterbox whole, double reliableHeight, DetectionOptions options)
    {
        var tiles = new List<Letterbox>();
        double finest = Math.Min(1, reliableHeight / Sought(photoWidth, photoHeight, options));
        double overlap = Math.Min(reliableHeight * ScaleStep, Math.Min(whole.Width, whole.Height) / 2.0);
        while (options.Search != FaceSearch.OneLook && finest > whole.Scale * WorthAStep)
        {
            tiles.Clear();
            int levels = (int)Math.Ceiling(Math.Log(finest / whole.Scale, ScaleStep));
            for (int level = 1; level <= levels; level++)
            {
                Add(tiles, photoWidth, photoHeight, whole, whole.Scale * Math.Pow(finest / whole.Scale, (double)level / levels), overlap);
            }

            if (tiles.Count <= MaxTiles)
            {
                return tiles;
            }

            tiles.Clear();
            finest /= 1.25;
        }

        return tiles;
    }

    private static double Sought(int width, int height, DetectionOptions options) => Math.Max(
        options.MinHeight,
        options.Search == FaceSearch.Thorough ? LeastFaceThorough : Math.Max(LeastFace, Math.Sqrt((double)width * height) * FaceShare));

    private static void Add(List<Letterbox> tiles, int photoWidth, int photoHeight, Letterbox whole, double scale, double overlap)
    {
        double[] lefts = Starts(photoWidth * scale, whole.Width, overlap);
        foreach (double top in Starts(photoHeight * scale, whole.Height, overlap))
        {
            foreach (double left in lefts)
            {
                tiles.Add(new Letterbox(whole.Width, whole.Height, (float)scale, (float)-left, (float)-top));
            }
        }
    }

    /// <summary>Where tiles of a length start, spread evenly over an extent; a shorter extent lies in the middle of its one tile.</summary>
    private static double[] Starts(double extent, double length, double overlap)
    {
        if (extent <= length)
        {
            return [(extent - length) / 2];
        }

        int count = (int)Math.Ceiling((extent - overlap) / (length - overlap));
        return [.. Enumerable.Range(0, count).Select(i => (extent - length) * i / (count - 1))];
    }
}

using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>
/// Tells from a graph's numbers for an even frame what they are, where names and shapes do not: decoded boxes lie around their priors, offsets
/// lie around zero; probabilities of two classes add up to one; eyes are a third of a face apart.
/// </summary>
internal static class EncodingProbe
{
    /// <summary>The share of boxes that must lie around their priors.</summary>
    private const double Majority = 0.8;

    /// <summary>What boxes are.</summary>
    /// <param name="values">The table's numbers.</param>
    /// <param name="priors">The priors of the frame, one a row.</param>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    public static BoxEncoding OfBoxes(ReadOnlySpan<float> values, PriorBox[] priors, int width, int height) =>
        Around(values, priors, width, height) ? BoxEncoding.Shares
        : Around(values, priors, 1, 1) ? BoxEncoding.Pixels
        : BoxEncoding.Offsets;

    /// <summary>Whether scores are logits rather than probabilities.</summary>
    public static bool AreLogits(ProbedOutput scores)
    {
        foreach (float value in scores.Values)
        {
            if (value is < 0 or > 1)
            {
                return true;
            }
        }

        for (int i = 0; scores.Columns == 2 && i < scores.Values.Length; i += 2)
        {
            if (Math.Abs(scores.Values[i] + scores.Values[i + 1] - 1) > 0.01)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What points of InsightFace's RetinaFace maps count in, in sides of the anchor: whole ones, or the fifths by which its later files (those for
    /// faces with masks, and mnet.25_v2) are trained. Anchors see faces of their own size, whose eyes lie some 0.35 apart: 1.4 or more in fifths.
    /// </summary>
    /// <param name="maps">The maps of 20 channels: ten for each of two anchors, first the left eye's x, then y, then the right eye's x.</param>
    public static float PointUnit(IReadOnlyList<ProbedOutput> maps)
    {
        const int Anchors = 2, PerAnchor = 10, RightEye = 2;
        const float Between = 0.7f, Fifth = 0.2f;
        var distances = new List<float>();
        foreach (ProbedOutput map in maps)
        {
            int cells = map.Values.Length / (Anchors * PerAnchor);
            for (int anchor = 0; anchor < Anchors; anchor++)
            {
                ReadOnlySpan<float> left = map.Values.AsSpan(anchor * PerAnchor * cells, cells);
                ReadOnlySpan<float> right = map.Values.AsSpan(((anchor * PerAnchor) + RightEye) * cells, cells);
                for (int cell = 0; cell < cells; cell++)
                {
                    distances.Add(right[cell] - left[cell]);
                }
            }
        }

        distances.Sort();
        return distances[distances.Count / 2] > Between ? Fifth : 1;
    }

    private static bool Around(ReadOnlySpan<float> values, PriorBox[] priors, float unitX, float unitY)
    {
        int near = 0;
        for (int i = 0; i < priors.Length; i++)
        {
            ReadOnlySpan<float> b = values.Slice(i * 4, 4);
            float x = (b[0] + b[2]) / 2 * unitX, y = (b[1] + b[3]) / 2 * unitY;
            bool ordered = b[2] > b[0] && b[3] > b[1];
            near += ordered && Math.Abs(x - priors[i].X) <= priors[i].Side && Math.Abs(y - priors[i].Y) <= priors[i].Side ? 1 : 0;
        }

        return near >= Majority * priors.Length;
    }
}

using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>
/// Tells from a graph's numbers for an even frame what they are, where names and shapes do not: decoded boxes lie around their priors, offsets
/// lie around zero; probabilities of two classes add up to one.
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

using Semblance.Imaging;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>Makes one face of many boxes around it.</summary>
internal static class NonMaximumSuppression
{
    /// <summary>Of overlapping boxes the most confident stays. Reorders the list by falling score.</summary>
    /// <param name="candidates">The boxes; unsound ones are dropped.</param>
    /// <param name="overlap">Boxes whose intersection over union with a better one is above this go.</param>
    /// <param name="containment">So do boxes of which more than this share lies within a better one, or the reverse (2 for never).</param>
    public static List<Candidate> Greedy(List<Candidate> candidates, float overlap, float containment = 2)
    {
        Order(candidates);
        var kept = new List<Candidate>();
        foreach (Candidate candidate in candidates)
        {
            if (!kept.Exists(k => k.Box.IntersectionOverUnion(candidate.Box) > overlap || Contained(k.Box, candidate.Box) > containment))
            {
                kept.Add(candidate);
            }
        }

        return kept;
    }

    /// <summary>
    /// As BlazeFace's paper has it: a face is the mean of the most confident box and all that overlap it, weighted by their scores; its score
    /// is the best one. Jitters less than the best box alone.
    /// </summary>
    /// <param name="candidates">The boxes; unsound ones are dropped.</param>
    /// <param name="overlap">Boxes whose intersection over union with the best one is above this are part of it.</param>
    public static List<Candidate> Blend(List<Candidate> candidates, float overlap)
    {
        Order(candidates);
        var blended = new List<Candidate>();
        var rest = new List<Candidate>(candidates);
        while (rest.Count > 0)
        {
            Candidate best = rest[0];
            float total = 0;
            float left = 0, top = 0, right = 0, bottom = 0;
            FacePoints points = best.Points.Times(0);
            foreach (Candidate c in rest)
            {
                if (Belongs(c))
                {
                    total += c.Score;
                    left += c.Box.Left * c.Score;
                    top += c.Box.Top * c.Score;
                    right += c.Box.Right * c.Score;
                    bottom += c.Box.Bottom * c.Score;
                    points = points.Plus(c.Points.Times(c.Score));
                }
            }

            blended.Add(new Candidate(
                new FaceBox(left / total, top / total, right / total, bottom / total), best.Score, points.Times(1 / total)));
            rest.RemoveAll(Belongs);

            bool Belongs(Candidate c) => c == best || c.Box.IntersectionOverUnion(best.Box) > overlap;
        }

        return blended;
    }

    private static void Order(List<Candidate> candidates)
    {
        candidates.RemoveAll(c => !c.IsSound);

        // Equal scores by place, so that the outcome does not depend on the order in which the boxes came.
        candidates.Sort((a, b) =>
            (b.Score, a.Box.Top, a.Box.Left, a.Box.Bottom, a.Box.Right).CompareTo((a.Score, b.Box.Top, b.Box.Left, b.Box.Bottom, b.Box.Right)));
    }

    private static float Contained(FaceBox a, FaceBox b)
    {
        float width = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left);
        float height = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);
        float least = Math.Min(a.Area, b.Area);
        return width > 0 && height > 0 && least > 0 ? width * height / least : 0;
    }
}

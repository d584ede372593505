using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>Detectors with one long table over all priors: RetinaFace from PyTorch, Ultra-Light, YuNet as of 2022; raw or decoded in the graph.</summary>
internal sealed class PriorDecoder(PriorBoxes priors, PriorDecoder.Layout layout) : IFaceDecoder
{
    private const float CentreVariance = 0.1f;

    /// <inheritdoc/>
    public void Decode(GraphOutputs outputs, int width, int height, float minScore, List<Candidate> into)
    {
        PriorBox[] all = priors.For(width, height);
        ReadOnlySpan<float> scores = outputs.Values(layout.Scores, all.Length * layout.ScoreColumns);
        ReadOnlySpan<float> quality = layout.Quality is { } extra ? outputs.Values(extra, all.Length) : [];
        ReadOnlySpan<float> boxes = outputs.Values(layout.Boxes, all.Length * layout.BoxColumns);
        ReadOnlySpan<float> points = layout.Points is { } index ? outputs.Values(index, all.Length * layout.PointColumns) : [];
        for (int i = 0; i < all.Length; i++)
        {
            float score = Score(scores, i);
            if (!quality.IsEmpty)
            {
                score = MathF.Sqrt(score * Math.Clamp(quality[i], 0, 1));
            }

            if (score >= minScore)
            {
                PriorBox prior = all[i];
                FaceBox box = Box(boxes.Slice(i * layout.BoxColumns, 4), prior, width, height);
                into.Add(new Candidate(box, score, points.IsEmpty
                    ? default
                    : Points(points.Slice((i * layout.PointColumns) + layout.FirstPointColumn, 10), prior, width, height)));
            }
        }
    }

    private float Score(ReadOnlySpan<float> scores, int row)
    {
        if (layout.ScoreColumns == 1)
        {
            return layout.ScoresAreLogits ? 1 / (1 + MathF.Exp(-scores[row])) : scores[row];
        }

        (float background, float face) = (scores[2 * row], scores[(2 * row) + 1]);
        return layout.ScoresAreLogits ? 1 / (1 + MathF.Exp(background - face)) : face;
    }

    private FaceBox Box(ReadOnlySpan<float> b, PriorBox prior, int width, int height)
    {
        switch (layout.Encoding)
        {
            case BoxEncoding.Shares:
                return new FaceBox(b[0] * width, b[1] * height, b[2] * width, b[3] * height);
            case BoxEncoding.Pixels:
                return new FaceBox(b[0], b[1], b[2], b[3]);
            default:
                float x = prior.X + (b[0] * CentreVariance * prior.Side), y = prior.Y + (b[1] * CentreVariance * prior.Side);
                float halfWidth = prior.Side * MathF.Exp(b[2] * layout.WidthVariance) / 2;
                float halfHeight = prior.Side * MathF.Exp(b[3] * layout.HeightVariance) / 2;
                return new FaceBox(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
        }
    }

    private FacePoints Points(ReadOnlySpan<float> p, PriorBox prior, int width, int height) => layout.Encoding switch
    {
        BoxEncoding.Shares => FacePoints.Five(p, Vector2.Zero, new Vector2(width, height)),
        BoxEncoding.Pixels => FacePoints.Five(p, Vector2.Zero, Vector2.One),
        _ => FacePoints.Five(p, new Vector2(prior.X, prior.Y), new Vector2(CentreVariance * prior.Side)),
    };

    /// <summary>Where in the outputs things are.</summary>
    internal sealed record Layout
    {
        /// <summary>Index of the boxes.</summary>
        public required int Boxes { get; init; }

        /// <summary>Length of a row of the boxes; the box is its first four numbers.</summary>
        public int BoxColumns { get; init; } = 4;

        /// <summary>Index of the scores.</summary>
        public required int Scores { get; init; }

        /// <summary>2 for background and face, 1 for the face alone.</summary>
        public int ScoreColumns { get; init; } = 2;

        /// <summary>Whether a softmax (of two) or logistic function (of one) remains to be taken.</summary>
        public bool ScoresAreLogits { get; init; }

        /// <summary>Index of a second score in [0, 1]; the confidence is the geometric mean. Null where there is none.</summary>
        public int? Quality { get; init; }

        /// <summary>Index of the points; null where there are none.</summary>
        public int? Points { get; init; }

        /// <summary>Length of a row of the points.</summary>
        public int PointColumns { get; init; } = 10;

        /// <summary>Where in the row they start.</summary>
        public int FirstPointColumn { get; init; }

        /// <summary>What the numbers of a box say.</summary>
        public BoxEncoding Encoding { get; init; }

        /// <summary>Multiplies the logarithm of the width.</summary>
        public float WidthVariance { get; init; } = 0.2f;

        /// <summary>Multiplies the logarithm of the height.</summary>
        public float HeightVariance { get; init; } = 0.2f;
    }
}

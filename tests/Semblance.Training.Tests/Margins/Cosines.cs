using Semblance.Training.Tests.Objectives;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

/// <summary>The cosines of a batch by loops in double, for formulas written out.</summary>
internal sealed class Cosines
{
    private readonly double[][] _rows;
    private readonly long[] _labels;

    public Cosines(Tensor embeddings, Tensor weight, Tensor labels)
    {
        (int batch, int dim, int classes) = ((int)embeddings.shape[0], (int)embeddings.shape[1], (int)weight.shape[0]);
        double[] x = Gradients.Of(embeddings);
        double[] w = Gradients.Of(weight);
        _labels = labels.data<long>().ToArray();
        _rows = new double[batch][];
        for (int i = 0; i < batch; i++)
        {
            _rows[i] = new double[classes];
            for (int c = 0; c < classes; c++)
            {
                (double dot, double xx, double ww) = (0, 0, 0);
                for (int d = 0; d < dim; d++)
                {
                    (double a, double b) = (x[(i * dim) + d], w[(c * dim) + d]);
                    (dot, xx, ww) = (dot + (a * b), xx + (a * a), ww + (b * b));
                }

                _rows[i][c] = dot / Math.Sqrt(xx * ww);
            }
        }
    }

    /// <summary>cos θ of each sample to its own class.</summary>
    public double[] Own => [.. _rows.Select((row, i) => row[_labels[i]])];

    /// <summary>The batch mean of a sample's penalty.</summary>
    /// <param name="penalty">From the own cosine and those to the others.</param>
    public double Mean(Func<double, double[], double> penalty) =>
        _rows.Select((row, i) => penalty(row[_labels[i]], [.. row.Where((_, c) => c != _labels[i])])).Average();

    /// <summary>The batch mean of −log softmax of the own logit among the others'.</summary>
    /// <param name="own">The own logit from the own cosine.</param>
    /// <param name="other">Another's logit from the own cosine and its own.</param>
    public double CrossEntropy(Func<double, double> own, Func<double, double, double> other) => Mean((y, others) =>
    {
        double[] logits = [own(y), .. others.Select(c => other(y, c))];
        double largest = logits.Max();
        return largest + Math.Log(logits.Sum(l => Math.Exp(l - largest))) - logits[0];
    });
}

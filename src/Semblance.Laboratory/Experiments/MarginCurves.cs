using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// Measures margin-based losses over the angle. Objectives come from the registry and are asked as training asks them, so that a curve drawn
/// here is the curve that is trained with, and a loss is drawn by being registered.
/// </summary>
public static class MarginCurves
{
    /// <summary>Classes against which <see cref="MarginCurve.LossGradient"/> is taken.</summary>
    public const int Classes = 1000;

    /// <summary>‖x‖ of losses that do not normalise embeddings; their centres have length 1.</summary>
    public const double UnnormalisedNorm = 64;

    /// <summary>The norms at which a curve is measured that depends on them: those between which MagFace's margin grows, and their middle.</summary>
    public static IReadOnlyList<double> Norms { get; } = [10, 60, 110];

    private const double EndInset = 0.05;
    private const long LastStep = 1L << 40;

    // Own centre, the direction in which the embedding turns away from it, all other centres.
    private const int Dimension = 3;

    /// <summary>The registered losses that have a target-logit curve, in the registry's order.</summary>
    public static IReadOnlyList<string> Names() => [.. ObjectiveRegistry.Names.Where(HasCurve)];

    /// <summary>Measures one loss with its defaults.</summary>
    /// <param name="loss">Its name.</param>
    /// <returns>One curve, or one for each of <see cref="Norms"/> where it depends on the norm.</returns>
    /// <exception cref="UsageException">There is no loss of that name, or it has no such curve.</exception>
    public static IReadOnlyList<MarginCurve> Measure(string loss)
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Create(loss);
        if (objective is not MarginSoftmaxObjective margin)
        {
            throw new UsageException($"The loss '{loss}' bends no target logit, so there is no curve to draw; those that do are: {string.Join(", ", Names())}.");
        }

        margin.to(ScalarType.Float64);
        margin.eval();
        margin.Anneal(1);
        EndSchedules(margin);
        SetCentres(margin);
        bool normalised = margin.Curve.NormalisesEmbeddings;
        double[] norms = normalised ? [.. Norms] : [UnnormalisedNorm];
        (double[,] logit, double[,] slope) = Bend(margin.Curve, norms);
        bool depends = norms.Length > 1 && Differ(logit);
        return [.. Enumerable.Range(0, depends ? norms.Length : 1).Select(row =>
        {
            (double[] gradient, double scale) = LossGradient(margin, norms[row]);
            return new MarginCurve(
                loss, depends ? norms[row] : null, normalised ? scale : scale * norms[row], Degrees(), Row(logit, row), Row(slope, row), gradient);
        })];
    }

    /// <summary>Measures several losses.</summary>
    /// <param name="losses">Their names; all that have a curve where none is given.</param>
    /// <exception cref="UsageException">There is no loss of a name, or it has no such curve.</exception>
    public static IReadOnlyList<MarginCurve> Measure(IReadOnlyCollection<string> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return [.. (losses.Count > 0 ? losses : Names()).SelectMany(Measure)];
    }

    private static double[] Degrees() => [.. Enumerable.Range(0, 361).Select(i => Math.Clamp(i / 2.0, EndInset, 180 - EndInset))];

    private static bool HasCurve(string loss)
    {
        using Objective objective = Create(loss);
        return objective is MarginSoftmaxObjective;
    }

    private static Objective Create(string loss) => ObjectiveRegistry.Create(
        loss,
        new Dictionary<string, object?>(),
        new ObjectiveContext(Classes, Dimension, Seed: 1) { SampleCount = Classes, Labels = [.. Enumerable.Range(0, Classes)] });

    // A curve that changes with the steps is measured where its schedule ends.
    private static void EndSchedules(MarginSoftmaxObjective objective)
    {
        using IDisposable noGradient = no_grad();
        if (objective.Curve is AnnealedAngleLogit curve)
        {
            foreach ((string name, Tensor steps) in curve.named_buffers())
            {
                if (name == "steps")
                {
                    steps.fill_(LastStep);
                }
            }
        }
    }

    // Own centre (class 0, with its sub-centres where it has some) along the first axis, all others along the third; biases 0.
    private static void SetCentres(MarginSoftmaxObjective objective)
    {
        using IDisposable noGradient = no_grad();
        foreach (TorchSharp.Modules.Parameter parameter in objective.Centres.parameters())
        {
            parameter.zero_();
            if (parameter.shape[^1] == Dimension && parameter.numel() >= Classes * Dimension)
            {
                Tensor rows = parameter.view(Classes, -1, Dimension);
                rows[TensorIndex.Single(0), TensorIndex.Colon, TensorIndex.Single(0)] = tensor(1.0, parameter.dtype);
                rows[TensorIndex.Slice(1), TensorIndex.Colon, TensorIndex.Single(2)] = tensor(1.0, parameter.dtype);
            }
        }
    }

    // All norms in one batch: a curve that looks at the batch's norms (AdaFace) sees them together.
    private static (double[,] Logit, double[,] Slope) Bend(ITargetLogit curve, double[] norms)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor angles = Angles().repeat(norms.Length).requires_grad_(true);
        Tensor lengths = tensor(norms, ScalarType.Float64).repeat_interleave(angles.shape[0] / norms.Length);
        Tensor bent = curve.Bend(new TargetColumn(angles.cos(), lengths));
        Tensor slope = autograd.grad([bent.sum()], [angles])[0];
        return (Rows(bent.detach(), norms.Length), Rows(slope, norms.Length));
    }

    private static (double[] Gradient, double Scale) LossGradient(MarginSoftmaxObjective objective, double norm)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor angles = Angles().requires_grad_(true);
        Tensor embeddings = stack([angles.cos(), angles.sin(), zeros_like(angles)], 1) * norm;
        ObjectiveValue value = objective.Evaluate(embeddings, zeros(angles.shape[0], ScalarType.Int64));
        // The loss is a mean over the batch.
        Tensor gradient = autograd.grad([value.Loss], [angles])[0] * angles.shape[0];
        return (gradient.data<double>().ToArray(), value.Figures["scale"]);
    }

    private static Tensor Angles() => tensor(Degrees(), ScalarType.Float64) * (Math.PI / 180);

    private static double[,] Rows(Tensor values, int rows)
    {
        double[] flat = values.contiguous().data<double>().ToArray();
        double[,] table = new double[rows, flat.Length / rows];
        Buffer.BlockCopy(flat, 0, table, 0, flat.Length * sizeof(double));
        return table;
    }

    private static double[] Row(double[,] table, int row) => [.. Enumerable.Range(0, table.GetLength(1)).Select(i => table[row, i])];

    private static bool Differ(double[,] table)
    {
        for (int row = 1; row < table.GetLength(0); row++)
        {
            for (int i = 0; i < table.GetLength(1); i++)
            {
                if (Math.Abs(table[row, i] - table[0, i]) > 1e-9)
                {
                    return true;
                }
            }
        }

        return false;
    }
}

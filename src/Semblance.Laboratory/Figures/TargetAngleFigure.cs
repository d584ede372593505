using System.Globalization;
using ScottPlot;
using Semblance.Laboratory.Runs;

namespace Semblance.Laboratory.Figures;

/// <summary>How the angles between embeddings and their own class's centre move in the course of a run: a ridge for each epoch.</summary>
public sealed class TargetAngleFigure : IFigure
{
    private const int MostRidges = 14;
    private const double RidgeHeight = 1.7;

    private readonly RunAngles _angles;

    /// <summary>Creates the figure.</summary>
    /// <param name="angles">What the run has written.</param>
    public TargetAngleFigure(RunAngles angles) => _angles = angles;

    /// <inheritdoc/>
    public string Name => "target-angles";

    /// <inheritdoc/>
    public string Title => "Angles to the own class's centre, epoch by epoch";

    /// <inheritdoc/>
    public string Caption =>
        $"Histograms of the angle θ between each training photo's embedding, as it was met during the epoch, and the centre of its class; {_angles.Source}. "
        + "Random vectors lie at 90°. Training moves the whole hill to the left; a hill that stays at 90° has learned nothing, and one that splits is torn by a margin it cannot meet. "
        + "The mean of each epoch stands on the right.";

    /// <inheritdoc/>
    public string Command => $"semblance lab margin --run {_angles.Run}";

    /// <inheritdoc/>
    public object Numbers => new { Epochs = _angles.Epochs.Select(epoch => new { epoch.Stage, epoch.Epoch, epoch.BinWidth, epoch.Counts }) };

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        AngleCounts[] drawn = Chosen();
        double highest = drawn.Max(epoch => epoch.Counts.Max() / (double)epoch.Total);
        double widest = Math.Max(120, 30 * Math.Ceiling(drawn.Max(Last) / 30));

        // The first epoch on top, each ridge before the one above it.
        var panel = new FigurePanel(
            FigureAxis.Even("angle θ to the own class's centre", 0, widest, 30, "°"), new FigureAxis("epoch", 0, drawn.Length + RidgeHeight - 0.5, []), rightMargin: 70);
        AngleZones.Draw(panel, widest);
        foreach ((int i, AngleCounts epoch) in drawn.Index())
        {
            double floor = drawn.Length - 1 - i;
            double[] xs = [0, .. epoch.Counts.Select((_, bin) => (bin + 0.5) * epoch.BinWidth), 180];
            double[] ys = [.. epoch.Counts.Select(count => floor + (RidgeHeight * count / epoch.Total / highest)).Prepend(floor).Append(floor)];
            int kept = xs.Count(x => x <= widest);
            Color colour = FigureColours.Of(_angles.Stages.ToList().IndexOf(epoch.Stage));
            panel.Area(xs[..kept], ys[..kept], colour, floor);
            panel.Curve(xs[..kept], ys[..kept], colour, width: 1.8f);
            panel.Note(epoch.Epoch.ToString(CultureInfo.InvariantCulture), 0, floor + 0.28, colour, Alignment.MiddleLeft);
            panel.Note(epoch.Mean.ToString("0", CultureInfo.InvariantCulture) + "°", widest, floor + 0.28, colour, Alignment.MiddleRight);
        }

        return new FigureDrawing(760, 150 + (38 * drawn.Length), panel);
    }

    private AngleCounts[] Chosen()
    {
        IReadOnlyList<AngleCounts> all = _angles.Epochs;
        int shown = Math.Min(MostRidges, all.Count);
        return [.. Enumerable.Range(0, shown).Select(i => all[shown == 1 ? 0 : (int)Math.Round((double)i * (all.Count - 1) / (shown - 1))])];
    }

    private static double Last(AngleCounts epoch) => (epoch.Counts.Index().Last(item => item.Item > 0).Index + 1) * epoch.BinWidth;
}

using System.Globalization;
using ScottPlot;
using Semblance.Laboratory.Runs;

namespace Semblance.Laboratory.Figures;

/// <summary>The share of a run's samples in each zone of the angle, over its epochs.</summary>
public sealed class AngleZonesFigure : ITabulatedFigure
{
    private readonly RunAngles _angles;

    /// <summary>Creates the figure.</summary>
    /// <param name="angles">What the run has written.</param>
    public AngleZonesFigure(RunAngles angles) => _angles = angles;

    /// <inheritdoc/>
    public string Name => "angle-zones";

    /// <inheritdoc/>
    public string Title => "Share of samples in each zone of the angle";

    /// <inheritdoc/>
    public string Caption =>
        $"Where training photos stand to the centre of their class in each epoch, in the zones of the ArcFace paper; {_angles.Source}. "
        + "Beyond 90° the embedding is nearer to the centre's opposite; below 30° a photo has found its place.";

    /// <inheritdoc/>
    public string Command => $"semblance lab margin --run {_angles.Run}";

    /// <inheritdoc/>
    public object Numbers => new
    {
        Epochs = _angles.Epochs.Select(epoch => new
        {
            epoch.Stage,
            epoch.Epoch,
            Samples = epoch.Total,
            MeanAngle = epoch.Mean,
            Zones = RunAngles.Zones.Select(zone => new { zone.From, zone.To, Share = epoch.Share(zone.From, zone.To) }),
        }),
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns { get; } = ["epoch", "loss", "samples", .. RunAngles.Zones.Select(zone => zone.Name), "mean"];

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<string>> Rows =>
    [
        .. _angles.Epochs.Select(epoch => (IReadOnlyList<string>)
        [
            epoch.Epoch.ToString(CultureInfo.InvariantCulture), _angles.LossOf(epoch), epoch.Total.ToString("N0", CultureInfo.InvariantCulture),
            .. RunAngles.Zones.Select(zone => (100 * epoch.Share(zone.From, zone.To)).ToString("0.0", CultureInfo.InvariantCulture) + " %"),
            epoch.Mean.ToString("0.0", CultureInfo.InvariantCulture) + "°",
        ]),
    ];

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        int first = _angles.Epochs[0].Epoch;
        int last = Math.Max(first + 1, _angles.Epochs[^1].Epoch);
        var panel = new FigurePanel(
            FigureAxis.Even("epoch", first, last, Math.Max(1, Math.Ceiling((last - first) / 10.0))), FigureAxis.Even("share of the samples", 0, 100, 25, " %"), rightMargin: 90);
        double[] epochs = [.. _angles.Epochs.Select(epoch => (double)epoch.Epoch)];
        foreach ((int i, AngleZone zone) in RunAngles.Zones.Index())
        {
            double[] shares = [.. _angles.Epochs.Select(epoch => 100 * epoch.Share(zone.From, zone.To))];
            panel.NamedCurve(zone.Name, epochs, shares, i);
            panel.Dots(epochs, shares, FigureColours.Of(i), 6);
        }

        return new FigureDrawing(760, 420, panel);
    }
}

using System.Globalization;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>The forces of one loss against distance or length, for the loss's page.</summary>
public sealed class LossForceFigure : IFigure
{
    private readonly LossForce _force;
    private readonly ForceWords _words;

    /// <summary>Measures a loss.</summary>
    /// <param name="loss">Its registered name.</param>
    /// <exception cref="UsageException">There is no loss of that name, or it bends a target logit.</exception>
    public LossForceFigure(string loss)
    {
        _force = LossForces.Measure(loss);
        _words = ForceWords.Of(_force.Kind);
    }

    /// <inheritdoc/>
    public string Name => _force.Loss;

    /// <inheritdoc/>
    public string Title => $"Force of {_force.Loss} against {(OnLength ? "length" : "distance")}";

    /// <inheritdoc/>
    public string Caption =>
        $"How strongly {_force.Loss} with its defaults {Verbs()}: {(OnLength ? "∂L/∂r" : "∂L/∂d between unit vectors")} by back-propagation through {_words.Scene}"
        + (_force.Summed ? ", its terms summed." : ".");

    /// <inheritdoc/>
    public string Command => $"semblance lab tuples --losses {_force.Loss}";

    /// <inheritdoc/>
    public object Numbers => _force;

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        FigurePanel?[] panels =
        [
            _force.Push is { } push ? Panel(push, _words.Push, _words.Other, _words.Own, "push −∂L/∂d") : null,
            _force.Pull is { } pull ? Panel(pull, _words.Pull, _words.Own, _words.Other, OnLength ? "pull to a smaller length ∂L/∂r" : "pull ∂L/∂d") : null,
        ];
        FigurePanel[] drawn = [.. panels.OfType<FigurePanel>()];
        return new FigureDrawing(drawn.Length > 1 ? 600 : 720, 430, drawn);
    }

    private bool OnLength => _force.Kind is ForceKind.EmbeddingLength or ForceKind.CentreLength;

    private string Verbs() => (_force.Push, _force.Pull) switch
    {
        (not null, not null) => $"{_words.Pushes} and {_words.Pulls}",
        (not null, null) => _words.Pushes,
        _ => _words.Pulls,
    };

    private FigurePanel Panel(ForceCurves force, string title, string moves, string stands, string height)
    {
        double[] heights = [.. force.Curves.SelectMany(curve => curve.Heights)];
        bool several = force.Curves.Count > 1;
        var panel = new FigurePanel(
            FigureAxis.Even(moves, 0, 2, 0.5), FigureAxis.Around(height, heights.Min(), heights.Max()), rightMargin: several ? 130 : 40, OnLength ? "" : title);
        if (OnLength)
        {
            panel.Mark(1, _words.Rest);
        }

        foreach ((int i, ForceCurve curve) in force.Curves.Index())
        {
            if (curve.Partner is { } partner)
            {
                panel.NamedCurve($"{stands[stands.IndexOf("d(", StringComparison.Ordinal)..]} = {partner.ToString(CultureInfo.InvariantCulture)}", [.. force.Positions], [.. curve.Heights], i);
            }
            else
            {
                panel.Curve([.. force.Positions], [.. curve.Heights], FigureColours.Of(0));
            }
        }

        return panel;
    }
}

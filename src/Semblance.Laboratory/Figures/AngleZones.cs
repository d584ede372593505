namespace Semblance.Laboratory.Figures;

/// <summary>The zones of the ArcFace paper behind a plot over the angle: [0°, 30°], [30°, 60°], [60°, 90°] and beyond.</summary>
internal static class AngleZones
{
    /// <summary>Draws them.</summary>
    /// <param name="panel">Where.</param>
    /// <param name="widest">Where the panel ends.</param>
    public static void Draw(FigurePanel panel, double widest)
    {
        panel.Zone(0, 30, "0–30°", shaded: true);
        panel.Zone(30, 60, "30–60°", shaded: false);
        panel.Zone(60, 90, "60–90°", shaded: true);
        panel.Zone(90, widest, "> 90°", shaded: false);
    }
}

using ScottPlot;
using SkiaSharp;

namespace Semblance.Laboratory.Figures;

/// <summary>
/// The letters of the figures. They come with the assembly, so that a figure has its words on a machine without any font, and looks the same on
/// every machine.
/// </summary>
internal static class FigureFonts
{
    /// <summary>The name under which ScottPlot finds the font; no system has one of that name.</summary>
    public const string Family = "Semblance Figures";

    /// <summary>What an SVG asks its viewer for: the font itself where it is installed, else one about as wide.</summary>
    public const string SvgFamilies = "'DejaVu Sans Condensed', Arial, 'Liberation Sans', Helvetica, sans-serif";

    // ScottPlot keeps its resolvers for the whole process: handed over once, at the first use of a font.
    private static readonly Lazy<EmbeddedFont> Registered = new(() =>
    {
        var resolver = new EmbeddedFont();
        Fonts.FontResolvers.Insert(0, resolver);
        return resolver;
    });

    /// <summary>Makes the font known to ScottPlot.</summary>
    public static void Register() => _ = Registered.Value;

    private sealed class EmbeddedFont : IFontResolver
    {
        private readonly SKTypeface _regular = Load("DejaVuSansCondensed.ttf");
        private readonly SKTypeface _bold = Load("DejaVuSansCondensed-Bold.ttf");

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName != Family ? null : bold ? _bold : _regular;

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            CreateTypeface(fontName, weight >= FontWeight.SemiBold, slant != FontSlant.Upright);

        private static SKTypeface Load(string name)
        {
            using Stream stream = typeof(FigureFonts).Assembly.GetManifestResourceStream(name)!;
            using SKData data = SKData.Create(stream);
            return SKTypeface.FromData(data);
        }
    }
}

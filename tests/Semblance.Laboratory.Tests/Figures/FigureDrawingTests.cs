using System.Xml.Linq;
using Semblance.Laboratory.Figures;
using SkiaSharp;

namespace Semblance.Laboratory.Tests.Figures;

/// <summary>What is drawn can be opened, scales, and carries its words without a font of the system's.</summary>
public sealed class FigureDrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void AnSvgIsWellFormedScalesAndHoldsItsWordsAsText()
    {
        using FigureDrawing drawing = Drawing("ψ(θ) ≥ ½", "softmax");

        XElement root = XDocument.Parse(drawing.ToSvg("A figure")).Root!;
        string[] words = [.. root.Descendants(Svg + "text").Select(text => text.Value)];

        Assert.Equal("0 0 720 400", root.Attribute("viewBox")!.Value);
        Assert.Equal("A figure", root.Element(Svg + "title")!.Value);
        Assert.Contains("ψ(θ) ≥ ½", words);
        Assert.Contains("softmax", words);
        Assert.Contains("0.5", words);
        Assert.All(root.Descendants(Svg + "text"), text => Assert.EndsWith("sans-serif", text.Attribute("font-family")!.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void NumbersInListsAreSeparatedAsTheGrammarAsks()
    {
        using FigureDrawing drawing = Drawing("angle", "curve");

        foreach (XElement text in XDocument.Parse(drawing.ToSvg("A figure")).Descendants(Svg + "text"))
        {
            Assert.Matches(@"^-?\d+(\.\d+)?( -?\d+(\.\d+)?)*$", text.Attribute("x")!.Value);
        }
    }

    [Fact]
    public void APngOpensWithTwoPixelsForEachOfTheSvgs()
    {
        using FigureDrawing drawing = Drawing("angle", "curve");

        using SKBitmap bitmap = SKBitmap.Decode(drawing.ToPng());

        Assert.Equal((2 * drawing.Width, 2 * drawing.Height), (bitmap.Width, bitmap.Height));
    }

    [Fact]
    public void APngHasItsWordsFromTheFontThatComesAlong()
    {
        using FigureDrawing wordless = Drawing("", "");
        using FigureDrawing worded = Drawing("angle θ", "");
        using SKBitmap without = SKBitmap.Decode(wordless.ToPng());
        using SKBitmap with = SKBitmap.Decode(worded.ToPng());

        // The axis's name stands in the strip below the tick labels, and nothing else does.
        Assert.Equal(0, Ink(without, 2 * 375));
        Assert.InRange(Ink(with, 2 * 375), 100, 20_000);
    }

    [Fact]
    public void TheFontHasEveryLetterThatFiguresUse()
    {
        FigureFonts.Register();
        SKTypeface typeface = ScottPlot.Fonts.GetTypeface(FigureFonts.Family, bold: false, italic: false);

        Assert.StartsWith("DejaVu Sans", typeface.FamilyName, StringComparison.Ordinal);
        using SKFont font = new(typeface);
        Assert.True(font.ContainsGlyphs("angle θ between ψ(θ) ‖x‖ = 10 −½ ∂L/∂d(a, n) √2 ↑ ↓ ≥ 0–30° ∝ β λ"));
    }

    [Fact]
    public void PanelsStandSideBySideAndAreAllThere()
    {
        using var drawing = new FigureDrawing(500, 300, Panel("first", "one"), Panel("second", "two"));
        using SKBitmap bitmap = SKBitmap.Decode(drawing.ToPng());

        Assert.Equal(1000, drawing.Width);
        Assert.True(Ink(bitmap, 0, 0, bitmap.Width / 2) > 1000);
        Assert.True(Ink(bitmap, 0, bitmap.Width / 2, bitmap.Width) > 1000);
        Assert.Contains("two", drawing.ToSvg("Two panels"), StringComparison.Ordinal);
    }

    private static FigureDrawing Drawing(string axis, string curve) => new(720, 400, Panel(axis, curve));

    private static FigurePanel Panel(string axis, string curve)
    {
        var panel = new FigurePanel(FigureAxis.Even(axis, 0, 1, 0.5), FigureAxis.Even("height", 0, 1, 0.5));
        panel.NamedCurve(curve, [0, 0.5, 1], [0, 0.9, 0.4], 0);
        return panel;
    }

    private static int Ink(SKBitmap bitmap, int fromRow) => Ink(bitmap, fromRow, 2 * 60, bitmap.Width);

    private static int Ink(SKBitmap bitmap, int fromRow, int fromColumn, int toColumn)
    {
        int dark = 0;
        for (int y = fromRow; y < bitmap.Height; y++)
        {
            for (int x = fromColumn; x < toColumn; x++)
            {
                dark += bitmap.GetPixel(x, y).Red < 128 ? 1 : 0;
            }
        }

        return dark;
    }
}

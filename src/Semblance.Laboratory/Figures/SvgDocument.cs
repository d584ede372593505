using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Semblance.Laboratory.Figures;

/// <summary>Makes of Skia's SVG one that scales, names itself, and finds a font on any machine.</summary>
internal static partial class SvgDocument
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Tidies a document.</summary>
    /// <param name="xml">As Skia wrote it.</param>
    /// <param name="title">The picture's name.</param>
    public static string Tidy(string xml, string title)
    {
        XElement root = XDocument.Parse(xml).Root!;
        root.SetAttributeValue("viewBox", $"0 0 {root.Attribute("width")!.Value} {root.Attribute("height")!.Value}");
        root.SetAttributeValue("role", "img");
        root.AddFirst(new XElement(Svg + "title", title));
        JoinDots(root);
        foreach (XAttribute path in root.Descendants(Svg + "path").Select(element => element.Attribute("d")!))
        {
            path.Value = LongNumber().Replace(path.Value, number => Rounded(number.Value));
        }

        foreach (XElement text in root.Descendants(Svg + "text"))
        {
            text.SetAttributeValue("font-family", FigureFonts.SvgFamilies);
            text.SetAttributeValue("font-stretch", "condensed");
            // Skia indents the words, which white space rules then take away again, and ends its lists with a comma that the grammar has not.
            text.Value = text.Value.Trim();
            foreach (string name in new[] { "x", "y" })
            {
                if (text.Attribute(name) is { } list)
                {
                    list.Value = Shorter(list.Value);
                }
            }
        }

        return root.ToString().ReplaceLineEndings("\n") + "\n";
    }

    // Thousands of dots, an element each, would be megabytes: those of one colour that follow each other become one path, whose subpaths of no length are drawn as
    // the round ends of their lines.
    private static void JoinDots(XElement root)
    {
        XElement[] dots = [.. root.Descendants(Svg + "ellipse").Where(dot => dot.Attribute("fill") is { Value: not "none" } && dot.Attribute("stroke") is null && Rounded(dot.Attribute("rx")!.Value) == Rounded(dot.Attribute("ry")!.Value))];
        XElement? line = null;
        foreach (XElement dot in dots)
        {
            string at = $"M{Rounded(dot.Attribute("cx")!.Value)} {Rounded(dot.Attribute("cy")!.Value)}h0";
            string width = Rounded((2 * double.Parse(dot.Attribute("rx")!.Value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));
            if (line is not null && dot.PreviousNode == line && line.Attribute("stroke")!.Value == dot.Attribute("fill")!.Value && line.Attribute("stroke-width")!.Value == width
                && line.Attribute("stroke-opacity")?.Value == dot.Attribute("fill-opacity")?.Value)
            {
                // A marker is drawn twice: its area, and its outline of no width.
                XAttribute path = line.Attribute("d")!;
                path.Value += path.Value.EndsWith(at, StringComparison.Ordinal) ? "" : at;
                dot.Remove();
                continue;
            }

            line = new XElement(
                Svg + "path",
                new XAttribute("fill", "none"),
                new XAttribute("stroke", dot.Attribute("fill")!.Value),
                new XAttribute("stroke-width", width),
                new XAttribute("stroke-linecap", "round"),
                new XAttribute("d", at));
            if (dot.Attribute("fill-opacity") is { } opacity)
            {
                line.SetAttributeValue("stroke-opacity", opacity.Value);
            }

            dot.ReplaceWith(line);
        }
    }

    // A hundredth of a pixel is more than any screen shows.
    private static string Shorter(string list) => string.Join(' ', list
        .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(Rounded));

    private static string Rounded(string number) => double.Parse(number, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+\.\d{3,}(e-?\d+)?")]
    private static partial Regex LongNumber();
}

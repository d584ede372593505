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

    // A hundredth of a pixel is more than any screen shows.
    private static string Shorter(string list) => string.Join(' ', list
        .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(Rounded));

    private static string Rounded(string number) => double.Parse(number, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+\.\d{3,}(e-?\d+)?")]
    private static partial Regex LongNumber();
}

using System.Globalization;
using System.Numerics;
using System.Text;
using System.Xml;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>
/// A photo with the faces found in it: boxes (refused ones dashed), landmarks, and beside it each aligned crop with the template's points as
/// crosses, its quality, and why it is refused. One SVG file that needs no other.
/// </summary>
public static class DetectionDrawing
{
    private const int PhotoSide = 640;
    private const int CropSide = 168;
    private const int Margin = 16;
    private const int TextWidth = 250;
    private const int LineHeight = 18;
    private const int RowHeight = CropSide + Margin;

    private const string Accepted = "#1a9850";
    private const string Refused = "#d95f02";

    // Eyes, nose, mouth, in the order of the points.
    private static readonly string[] PointColours = ["#4575b4", "#4575b4", "#fdae61", "#d73027", "#d73027"];

    /// <summary>Draws.</summary>
    /// <param name="photo">The photo, upright.</param>
    /// <param name="faces">Its faces, the main one first.</param>
    /// <param name="thresholds">The least that a face must offer.</param>
    /// <param name="template">The template that they are aligned to.</param>
    public static string Svg(PixelBuffer photo, IReadOnlyList<FoundFace> faces, QualityThresholds thresholds, AlignmentTemplate template)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(thresholds);
        ArgumentNullException.ThrowIfNull(template);
        double scale = Math.Min(1.0 * PhotoSide / photo.Width, 1.0 * PhotoSide / photo.Height);
        int width = Math.Max(1, (int)Math.Round(photo.Width * scale)), height = Math.Max(1, (int)Math.Round(photo.Height * scale));
        int cropWidth = (int)Math.Round(1.0 * CropSide * template.Width / template.Height);
        int totalWidth = Margin + width + Margin + cropWidth + Margin + TextWidth;
        int totalHeight = Margin + Math.Max(height + Margin, Math.Max(1, faces.Count) * RowHeight);
        var text = new StringBuilder();
        using (XmlWriter xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true }))
        {
            xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
            xml.WriteAttributeString("viewBox", $"0 0 {totalWidth} {totalHeight}");
            xml.WriteAttributeString("width", Text(totalWidth));
            xml.WriteAttributeString("font-family", "system-ui, sans-serif");
            xml.WriteAttributeString("font-size", "13");
            Rectangle(xml, 0, 0, totalWidth, totalHeight, ("fill", "#ffffff"));

            // Larger than shown, so that it stays sharp where the page is zoomed; never larger than the photo.
            double kept = Math.Min(1, 2 * scale);
            PixelBuffer shown = kept < 1
                ? ImageResizer.Resize(photo, Math.Max(1, (int)(photo.Width * kept)), Math.Max(1, (int)(photo.Height * kept)))
                : photo;
            Image(xml, shown, Margin, Margin, width, height);
            for (int i = 0; i < faces.Count; i++)
            {
                string? refusal = thresholds.Refusal(faces[i].Quality);
                DrawInPhoto(xml, faces[i], i + 1, refusal is not null, scale);
                DrawBeside(xml, faces[i], i + 1, refusal, template, Margin + width + Margin, Margin + (i * RowHeight), cropWidth);
            }

            if (faces.Count == 0)
            {
                Words(xml, Margin + width + Margin, Margin + LineHeight, Refused, "no face found");
            }

            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void DrawInPhoto(XmlWriter xml, FoundFace face, int number, bool refused, double scale)
    {
        string colour = refused ? Refused : Accepted;
        FaceBox box = face.Box;
        (double left, double top) = (Margin + (box.Left * scale), Margin + (box.Top * scale));
        Rectangle(
            xml, left, top, box.Width * scale, box.Height * scale,
            ("fill", "none"), ("stroke", colour), ("stroke-width", "2"), ("stroke-dasharray", refused ? "6 4" : "none"));

        // Above a small face, which the label would hide.
        double label = box.Height * scale < 3 * LineHeight ? top - LineHeight : top;
        Rectangle(xml, left, label, 20, LineHeight, ("fill", colour));
        Words(xml, left + 6, label + 13, "#ffffff", Text(number));
        Points(xml, face.Landmarks.ToPoints(), p => (Margin + ((p.X + 0.5) * scale), Margin + ((p.Y + 0.5) * scale)), 3);
    }

    private static void DrawBeside(XmlWriter xml, FoundFace face, int number, string? refusal, AlignmentTemplate template, int left, int top, int width)
    {
        Image(xml, face.Crop, left, top, width, CropSide);
        double scale = 1.0 * CropSide / template.Height;
        foreach (Vector2 target in template.Points.ToPoints())
        {
            (double x, double y) = (left + ((target.X + 0.5) * scale), top + ((target.Y + 0.5) * scale));
            Line(xml, x - 6, y, x + 6, y);
            Line(xml, x, y - 6, x, y + 6);
        }

        Points(
            xml, [.. face.Landmarks.ToPoints().Select(face.Transform.Apply)], p => (left + ((p.X + 0.5) * scale), top + ((p.Y + 0.5) * scale)), 3);
        FaceQuality quality = face.Quality;
        string[] lines =
        [
            Told($"{number}: score {quality.Score:F2}"),
            Told($"{quality.EyeDistance:0} px between the eyes"),
            Told($"yaw {Whole(quality.Yaw)}°, pitch {Whole(quality.Pitch)}°, roll {Whole(quality.Roll)}°"),
            Told($"sharpness {quality.Sharpness:0.000}"),
            Told($"turned by {face.Transform.RotationDegrees:0.0}°, scaled by {face.Transform.Scale:0.00}"),
            .. Wrapped(refusal is null ? [] : $"refused: {refusal}".Split(' ')),
        ];
        for (int i = 0; i < lines.Length; i++)
        {
            Words(xml, left + width + Margin, top + ((i + 1) * LineHeight) - 4, i >= 5 ? Refused : "#222222", lines[i]);
        }

        // Without the minus sign of a rounded -0.3.
        static int Whole(double degrees) => (int)Math.Round(degrees);
        static string Told(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Wrapped(string[] words)
    {
        const int Longest = 36;
        var line = new StringBuilder();
        foreach (string word in words)
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Longest)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static void Points(XmlWriter xml, Vector2[] points, Func<Vector2, (double X, double Y)> place, double radius)
    {
        for (int i = 0; i < points.Length; i++)
        {
            (double x, double y) = place(points[i]);
            Element(xml, "circle", ("cx", Text(x)), ("cy", Text(y)), ("r", Text(radius)), ("fill", PointColours[i]), ("stroke", "#ffffff"), ("stroke-width", "1"));
        }
    }

    private static void Image(XmlWriter xml, PixelBuffer image, int x, int y, int width, int height) => Element(
        xml, "image", ("href", $"data:image/jpeg;base64,{Convert.ToBase64String(ImageEncoder.Jpeg(image, 88))}"),
        ("x", Text(x)), ("y", Text(y)), ("width", Text(width)), ("height", Text(height)), ("preserveAspectRatio", "none"));

    private static void Rectangle(XmlWriter xml, double x, double y, double width, double height, params ReadOnlySpan<(string Name, string Value)> more) =>
        Element(xml, "rect", [("x", Text(x)), ("y", Text(y)), ("width", Text(width)), ("height", Text(height)), .. more]);

    private static void Line(XmlWriter xml, double x1, double y1, double x2, double y2) => Element(
        xml, "line", ("x1", Text(x1)), ("y1", Text(y1)), ("x2", Text(x2)), ("y2", Text(y2)), ("stroke", "#00e5ff"), ("stroke-width", "1.5"));

    private static void Words(XmlWriter xml, double x, double y, string colour, string words)
    {
        xml.WriteStartElement("text");
        xml.WriteAttributeString("x", Text(x));
        xml.WriteAttributeString("y", Text(y));
        xml.WriteAttributeString("fill", colour);
        xml.WriteString(words);
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        foreach ((string attribute, string value) in attributes)
        {
            xml.WriteAttributeString(attribute, value);
        }

        xml.WriteEndElement();
    }

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}

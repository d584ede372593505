namespace Semblance.Laboratory.Figures;

/// <summary>
/// A figure of the laboratory: numbers that were computed, and how they are drawn. A further one is a file that implements this, and a line
/// in <see cref="LaboratoryFigures"/> where it belongs on the page.
/// </summary>
public interface IFigure
{
    /// <summary>The name of its files without extension, in kebab-case.</summary>
    string Name { get; }

    /// <summary>What it shows, in a few words.</summary>
    string Title { get; }

    /// <summary>What one sees in it, and how it was computed; plain text.</summary>
    string Caption { get; }

    /// <summary>The command that makes it, without the folder.</summary>
    string Command { get; }

    /// <summary>The numbers that are drawn, to be written as JSON: an object of properties, lists and numbers.</summary>
    object Numbers { get; }

    /// <summary>Draws the numbers.</summary>
    /// <returns>The drawing; the caller owns it.</returns>
    FigureDrawing Draw();
}

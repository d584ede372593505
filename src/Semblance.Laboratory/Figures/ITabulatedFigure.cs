namespace Semblance.Laboratory.Figures;

/// <summary>A figure whose numbers are also worth a table: printed by its command, set below it on the page.</summary>
public interface ITabulatedFigure : IFigure
{
    /// <summary>Column headings; the first column names the row.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Rows of as many cells.</summary>
    IReadOnlyList<IReadOnlyList<string>> Rows { get; }
}

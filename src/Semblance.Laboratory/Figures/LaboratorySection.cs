namespace Semblance.Laboratory.Figures;

/// <summary>Figures that stand together on the laboratory's page.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Lead">What they are about, in a sentence or two.</param>
/// <param name="Figures">The figures; their names tell the page's files apart.</param>
public sealed record LaboratorySection(string Title, string Lead, IReadOnlyList<IFigure> Figures);

namespace Semblance.Evaluation.Reports;

/// <summary>A section of a contact sheet.</summary>
/// <param name="Id">Its anchor: letters, digits and hyphens.</param>
/// <param name="Title">Whose faces they are.</param>
/// <param name="Note">What is known of the group, in a few words; may be empty.</param>
/// <param name="Faces">The faces, the most typical first.</param>
public sealed record SheetGroup(string Id, string Title, string Note, IReadOnlyList<SheetFace> Faces);

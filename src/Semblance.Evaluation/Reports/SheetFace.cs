namespace Semblance.Evaluation.Reports;

/// <summary>A face of a contact sheet.</summary>
/// <param name="Picture">Its picture's path, relative to the page, with '/' between the parts.</param>
/// <param name="Photo">The photo that it is from, as people name it.</param>
/// <param name="Score">Its cosine to the group's first face; null where there is none to compare with.</param>
/// <param name="Name">Who it is said to be; null where nobody says.</param>
/// <param name="IsStranger">Whether that is somebody else than the group's majority: outlined.</param>
/// <param name="Link">The photo's address, relative to the page; null where it cannot be opened.</param>
public sealed record SheetFace(string Picture, string Photo, double? Score, string? Name, bool IsStranger, string? Link);

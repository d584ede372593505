namespace Semblance.Evaluation.Reports;

/// <summary>A group of faces for a page.</summary>
/// <param name="Number">The group's number, from 1.</param>
/// <param name="MeanCosine">The mean cosine over its pairs.</param>
/// <param name="Faces">Its faces: the most typical first, then by falling cosine to it.</param>
public sealed record ClusteredPerson(int Number, double MeanCosine, IReadOnlyList<ClusteredFaceView> Faces);

/// <summary>A face for a page.</summary>
/// <param name="Picture">Its picture's path, relative to the page.</param>
/// <param name="Photo">The photo that it is from.</param>
/// <param name="Cosine">Its cosine to the group's first face.</param>
/// <param name="Name">Who it is said to be; null where nobody says.</param>
/// <param name="Link">The photo's address, relative to the page; null where it cannot be opened.</param>
public sealed record ClusteredFaceView(string Picture, string Photo, double Cosine, string? Name, string? Link);

namespace Semblance.Data;

/// <summary>One image of a dataset.</summary>
/// <param name="Path">Relative, with '/' between the parts, for example "Aaron_Eckhart/Aaron_Eckhart_0001.jpg".</param>
/// <param name="Identity">Index into <see cref="FaceDataset.Identities"/>.</param>
public sealed record FaceImageEntry(string Path, int Identity);

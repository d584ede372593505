namespace Semblance.Evaluation.Protocols;

/// <summary>One comparison of a pairs file.</summary>
/// <param name="First">
/// The first image: "Name/Name_0001" without an extension in LFW's own form, or a path as written, '/' separated, in the extended form.
/// </param>
/// <param name="Second">The second image.</param>
/// <param name="Same">Whether both show one person.</param>
/// <param name="Fold">The fold, from 1.</param>
/// <param name="Line">The line of the pairs file, from 1; 0 for a pair that no file holds.</param>
public sealed record LfwPair(string First, string Second, bool Same, int Fold, int Line)
{
    /// <summary>The identity of the first image: the name of the folder that holds it; empty where the path has none.</summary>
    public string FirstIdentity => IdentityOf(First);

    /// <summary>The identity of the second image.</summary>
    public string SecondIdentity => IdentityOf(Second);

    private static string IdentityOf(string path)
    {
        int end = path.LastIndexOf('/');
        return end < 0 ? "" : path[(path.LastIndexOf('/', Math.Max(0, end - 1)) + 1)..end];
    }
}

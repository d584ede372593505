using System.Globalization;
using System.Text;
using Semblance.IO;

namespace Semblance.Evaluation.Protocols;

/// <summary>
/// A list of image pairs in folds. Two text forms are read and written:
/// <list type="bullet">
/// <item>
/// LFW's own (pairs.txt, pairsDevTrain.txt): a header "folds⇥N" or "N" alone (one fold), then for each fold N matched lines
/// "name⇥n1⇥n2" and N mismatched lines "name1⇥n1⇥name2⇥n2"; image n of a name is Name/Name_%04d with whatever extension the dataset has.
/// </item>
/// <item>
/// The extended form, for datasets whose files are named otherwise or whose folds differ in size: no header, each line
/// "path1⇥path2⇥1" (same person) or "…⇥0", with the fold's number (from 1) as an optional fourth field; without it the fold is 1. Paths
/// are relative to the dataset and '/' separated.
/// </item>
/// </list>
/// Fields are separated by tabs, or by blanks in a line without tabs; empty lines are skipped.
/// </summary>
public sealed class LfwPairs
{
    /// <summary>Wraps pairs made by a program.</summary>
    /// <param name="source">Where they come from, for messages.</param>
    /// <param name="pairs">The pairs, at least one; the folds are numbered from 1 without a gap.</param>
    /// <exception cref="SemblanceException">There are no pairs or a fold is empty.</exception>
    public LfwPairs(string source, IReadOnlyList<LfwPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        (Source, Pairs) = (source, pairs);
        var numbers = pairs.Select(p => p.Fold).ToHashSet();
        Folds = numbers.Count;
        for (int fold = 1; fold <= Folds; fold++)
        {
            if (!numbers.Contains(fold))
            {
                throw new SemblanceException($"{source}: holds no pair of fold {fold}, though higher numbers occur; number the folds from 1 without a gap.");
            }
        }

        if (pairs.Count == 0)
        {
            throw new SemblanceException($"{source}: holds no pairs; expected a header such as '10 300' and lines 'name n1 n2', or lines 'path1<TAB>path2<TAB>1'.");
        }
    }

    /// <summary>The file's name, or what made the pairs.</summary>
    public string Source { get; }

    /// <summary>The pairs in file order.</summary>
    public IReadOnlyList<LfwPair> Pairs { get; }

    /// <summary>Number of folds; they are numbered from 1.</summary>
    public int Folds { get; }

    /// <summary>Reads a pairs file of either form.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">
    /// The file is missing or unreadable, or a line is malformed: the message gives file, line and what was expected.
    /// </exception>
    public static LfwPairs Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = File.Exists(path) ? "cannot be read: " + e.Message : Directory.Exists(path) ? "is a folder; a pairs file is expected." : "no such pairs file.";
            throw new SemblanceException($"{path}: {reason}", e);
        }

        return new LfwPairs(path, LfwPairsParser.Parse(path, lines));
    }

    /// <summary>The pairs of some folds, in file order; fold numbers are kept.</summary>
    /// <param name="folds">Fold numbers, each in 1…<see cref="Folds"/>, at least one.</param>
    /// <exception cref="UsageException">A number is out of range, or none is given.</exception>
    public IReadOnlyList<LfwPair> OfFolds(params IReadOnlyList<int> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        foreach (int fold in folds)
        {
            if (fold < 1 || fold > Folds)
            {
                throw new UsageException($"fold {fold} does not exist; {Source} has folds 1 to {Folds}.");
            }
        }

        return folds.Count > 0
            ? [.. Pairs.Where(p => folds.Contains(p.Fold))]
            : throw new UsageException($"no fold was chosen; {Source} has folds 1 to {Folds}.");
    }

    /// <summary>Everyone who occurs in some folds, by folder name: the people to leave out of training before testing on these folds.</summary>
    /// <param name="folds">Fold numbers, each in 1…<see cref="Folds"/>, at least one.</param>
    /// <exception cref="UsageException">A number is out of range, or none is given.</exception>
    public IReadOnlySet<string> IdentitiesOfFolds(params int[] folds) =>
        OfFolds(folds).SelectMany(p => new[] { p.FirstIdentity, p.SecondIdentity }).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// Writes the pairs so that <see cref="Read"/> gives them back: in LFW's own form where all images are named Name/Name_%04d and every
    /// fold holds as many matched as mismatched pairs in LFW's order, else in the extended form. The file appears whole or not at all.
    /// </summary>
    /// <param name="path">The target; replaced where it exists.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, LfwForm() ?? ExtendedForm());

    private string? LfwForm()
    {
        int half = Pairs.Count / Folds / 2;
        if (half == 0 || half * 2 * Folds != Pairs.Count)
        {
            return null;
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Folds}\t{half}\n");
        for (int i = 0; i < Pairs.Count; i++)
        {
            LfwPair pair = Pairs[i];
            if (pair.Fold != (i / (2 * half)) + 1 || pair.Same != (i % (2 * half) < half)
                || Number(pair.First) is not { } first || Number(pair.Second) is not { } second
                || (pair.Same && pair.FirstIdentity != pair.SecondIdentity))
            {
                return null;
            }

            text.Append(CultureInfo.InvariantCulture, $"{pair.FirstIdentity}\t{first}\t")
                .Append(pair.Same ? "" : pair.SecondIdentity + "\t").Append(CultureInfo.InvariantCulture, $"{second}\n");
        }

        return text.ToString();

        static int? Number(string image)
        {
            int slash = image.IndexOf('/');
            string name = slash > 0 ? image[..slash] : "";
            string stem = image[(slash + 1)..];
            stem = stem.LastIndexOf('.') is var dot and > 0 ? stem[..dot] : stem;
            bool plain = name.Length > 0 && !name.Any(char.IsWhiteSpace) && stem.StartsWith(name + "_", StringComparison.Ordinal);
            return plain && int.TryParse(stem.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
                && LfwPairsParser.ImageOf(name, n) == $"{name}/{stem}" ? n : null;
        }
    }

    private string ExtendedForm()
    {
        var text = new StringBuilder();
        foreach (LfwPair pair in Pairs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{pair.First}\t{pair.Second}\t{(pair.Same ? 1 : 0)}\t{pair.Fold}\n");
        }

        return text.ToString();
    }
}

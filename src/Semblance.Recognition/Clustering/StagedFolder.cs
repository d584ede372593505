using Semblance.Recognition.Packs;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// A folder of results that appears whole or not at all: it is filled beside its place and renamed at the end. What an earlier run of the same
/// kind left there is replaced; anything else is left alone and refused.
/// </summary>
public sealed class StagedFolder : IDisposable
{
    private readonly StagingFolder _staging;
    private readonly string _target;
    private readonly string _shown;
    private readonly string _option;
    private readonly IReadOnlyList<string> _own;

    private StagedFolder(StagingFolder staging, string target, string shown, string option, IReadOnlyList<string> own) =>
        (_staging, _target, _shown, _option, _own, Path) = (staging, target, shown, option, own, staging.Folder("new"));

    /// <summary>The folder to fill; it bears its final name after <see cref="Commit"/> alone.</summary>
    public string Path { get; }

    /// <summary>Starts a folder.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="output">Where it shall appear.</param>
    /// <param name="photos">The photographs that are read: it must lie neither in them nor around them.</param>
    /// <param name="own">The names of what an earlier run may have left in it, the one that tells such a folder first; empty where nothing may be there.</param>
    /// <exception cref="UsageException">The place is taken, or mixes with the photographs.</exception>
    /// <exception cref="SemblanceException">It cannot be read or written.</exception>
    public static StagedFolder Create(string option, string output, string photos, params IReadOnlyList<string> own)
    {
        ArgumentException.ThrowIfNullOrEmpty(option);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(own);
        RequireName(option, output);
        string target = FolderPlace.Resolve(output), input = FolderPlace.Resolve(photos);
        if (File.Exists(target))
        {
            throw new UsageException($"{option} is {output}, a file; name a folder.");
        }

        if (FolderPlace.IsWithin(target, input) || (Directory.Exists(input) && FolderPlace.IsWithin(input, target)))
        {
            throw new UsageException($"{option} is {output}, which mixes with the photographs of {photos}: results would be taken for photographs the next time. Name a folder elsewhere.");
        }

        try
        {
            RequireOwn(option, output, target, own);
            string parent = System.IO.Path.GetDirectoryName(target)
                ?? throw new UsageException($"{option} is {output}, the root of a disk; name a folder.");
            return new StagedFolder(StagingFolder.Create(parent), target, output, option, own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{output}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Refuses two folders of which one lies in the other, or is the other: whichever came last would sweep the other away.</summary>
    /// <param name="option">The option that names the first, for messages.</param>
    /// <param name="output">The first.</param>
    /// <param name="otherOption">The option that names the second.</param>
    /// <param name="other">The second.</param>
    /// <exception cref="UsageException">They are not apart.</exception>
    public static void RequireApart(string option, string output, string otherOption, string other)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(other);
        RequireName(option, output);
        RequireName(otherOption, other);
        string first = FolderPlace.Resolve(output), second = FolderPlace.Resolve(other);
        if (FolderPlace.IsWithin(first, second) || FolderPlace.IsWithin(second, first))
        {
            throw new UsageException($"{otherOption} is {other} and {option} is {output}; name folders of which neither lies in the other.");
        }
    }

    /// <summary>Puts the folder into its place.</summary>
    /// <exception cref="UsageException">Something else has come into the place since.</exception>
    /// <exception cref="SemblanceException">It cannot; what was there before is unchanged.</exception>
    public void Commit()
    {
        string old = System.IO.Path.Combine(_staging.Path, "old");
        try
        {
            RequireOwn(_option, _shown, _target, _own);
            if (Directory.Exists(_target))
            {
                Directory.Move(_target, old);
            }

            Directory.Move(Path, _target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(old) && !Directory.Exists(_target))
            {
                Directory.Move(old, _target);
            }

            throw new SemblanceException($"{_shown}: cannot be put into its place: {e.Message}", e);
        }
    }

    /// <summary>Removes what is left of the work beside the folder's place.</summary>
    public void Dispose() => _staging.Dispose();

    private static void RequireName(string option, string output)
    {
        if (output.Length == 0)
        {
            throw new UsageException($"{option} is empty; name a folder.");
        }
    }

    private static void RequireOwn(string option, string output, string target, IReadOnlyList<string> own)
    {
        string[] found = Directory.Exists(target) ? [.. Directory.EnumerateFileSystemEntries(target).Select(entry => System.IO.Path.GetFileName(entry)!)] : [];
        if (found.Length == 0)
        {
            return;
        }

        if (own.Count == 0 || !found.Contains(own[0]))
        {
            throw new UsageException($"{option} is {output}, which is not empty{(own.Count > 0 ? $" and was not made by an earlier run (it has no {own[0]})" : "")}; name another folder.");
        }

        if (found.Except(own).Order(StringComparer.Ordinal).FirstOrDefault() is { } strange)
        {
            throw new UsageException($"{option} is {output}, an earlier run's folder, but {strange} in it is not from that run and would be lost; move it away or name another folder.");
        }
    }
}

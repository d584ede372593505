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

    private StagedFolder(StagingFolder staging, string target, string shown) =>
        (_staging, _target, _shown, Path) = (staging, target, shown, staging.Folder("new"));

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
        if (output.Length == 0)
        {
            throw new UsageException($"{option} is empty; name a folder.");
        }

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
            return new StagedFolder(StagingFolder.Create(parent), target, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{output}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Puts the folder into its place.</summary>
    /// <exception cref="SemblanceException">It cannot; what was there before is unchanged.</exception>
    public void Commit()
    {
        string old = System.IO.Path.Combine(_staging.Path, "old");
        try
        {
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

namespace Semblance.IO;

/// <summary>
/// Writes files that are either whole or not there: to a temporary name beside the target, flushed to the disk, then renamed.
/// A crash, a full disk or an exception leaves the old file as it was and no temporary behind (except where the process was killed).
/// </summary>
public static class AtomicFile
{
    private const string TemporaryExtension = ".tmp";

    /// <summary>Writes <paramref name="path"/> through <paramref name="write"/>, replacing what was there.</summary>
    /// <param name="path">The target; its folder is created.</param>
    /// <param name="write">Writes the content to the stream it is given.</param>
    /// <param name="ownerOnly">Whether nobody but its owner may read the file (where the system has Unix modes): for keys and faces.</param>
    /// <exception cref="SemblanceException">The disk is full, read-only, or the path cannot be written.</exception>
    public static void Write(string path, Action<Stream> write, bool ownerOnly = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId:x}-{Guid.NewGuid():N}{TemporaryExtension}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16 };
            if (ownerOnly && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            RemoveQuietly(temporary);
            if (e is IOException or UnauthorizedAccessException)
            {
                // The system names the temporary file, which the caller never asked for.
                string reason = e.Message.Replace(temporary, path, StringComparison.Ordinal);
                throw new SemblanceException($"{path}: cannot be written: {reason} What was there before is unchanged.", e);
            }

            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The target; its folder is created.</param>
    /// <param name="text">The content.</param>
    /// <param name="ownerOnly">Whether nobody but its owner may read the file, see <see cref="Write"/>.</param>
    /// <exception cref="SemblanceException">The disk is full, read-only, or the path cannot be written.</exception>
    public static void WriteText(string path, string text, bool ownerOnly = false) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)), ownerOnly);

    /// <summary>Whether a file is what a process that was killed while it wrote a target left of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">The target.</param>
    public static bool IsLeftoverOf(string path, string target)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(target);
        string name = Path.GetFileName(path);
        return name.StartsWith(Path.GetFileName(target) + ".", StringComparison.Ordinal) && name.EndsWith(TemporaryExtension, StringComparison.Ordinal);
    }

    private static void RemoveQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report; a leftover temporary does no harm.
        }
    }
}

using System.Formats.Tar;
using System.IO.Compression;

namespace Semblance.Recognition.Packs.Sources;

/// <summary>Unpacks what a pack comes in: a .tgz, a .zip, a folder, or one ONNX file. What it is, its first bytes say.</summary>
internal static class PackArchive
{
    /// <summary>Far above any pack of face models; what unpacks to more is a bomb.</summary>
    private const long LargestTotal = 8L << 30;

    /// <summary>Unpacks regular files; links are left out.</summary>
    /// <param name="archive">The archive's path.</param>
    /// <param name="name">What to call it in messages, and a single ONNX file in the folder.</param>
    /// <param name="folder">The folder to unpack into.</param>
    /// <param name="wanted">Paths to unpack; null for all.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="SemblanceException">It is damaged, no archive, or leads out of the folder.</exception>
    public static void Unpack(string archive, string name, string folder, IReadOnlySet<string>? wanted, CancellationToken cancellationToken)
    {
        if (Directory.Exists(archive))
        {
            UnpackFolder(archive, name, folder, wanted, cancellationToken);
            return;
        }

        using FileStream stream = Open(archive, name);
        Span<byte> start = stackalloc byte[4];
        int read = stream.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        stream.Position = 0;
        try
        {
            var target = new Target(name, folder, wanted);
            if (read >= 2 && start[0] == 0x1f && start[1] == 0x8b)
            {
                UnpackTar(stream, target, cancellationToken);
            }
            else if (read == 4 && start.SequenceEqual("PK\u0003\u0004"u8))
            {
                UnpackZip(stream, target, cancellationToken);
            }
            else
            {
                string file = Path.GetFileName(name);
                target.Write(file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? file : file + ".onnx", stream);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new SemblanceException($"{name}: is a damaged archive, or cut short: {e.Message}", e);
        }
    }

    private static FileStream Open(string archive, string name)
    {
        try
        {
            return new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SemblanceException($"{name}: no such file; expected a .tgz, a .zip, a folder or an ONNX file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{name}: cannot be read: {e.Message}", e);
        }
    }

    private static void UnpackTar(Stream stream, Target target, CancellationToken cancellationToken)
    {
        using var unzipped = new GZipStream(stream, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
            {
                long? written = target.Write(entry.Name, entry.DataStream ?? Stream.Null);
                if (written is not null && written != entry.Length)
                {
                    throw new EndOfStreamException($"'{entry.Name}' has {written} of {entry.Length} bytes.");
                }
            }
        }

        // Behind the last entry comes the checksum of the whole, which is compared when the stream is read to its end.
        unzipped.CopyTo(Stream.Null);
    }

    private static void UnpackZip(Stream stream, Target target, CancellationToken cancellationToken)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using Stream content = entry.Open();
            target.Write(entry.FullName, content);
        }
    }

    private static void UnpackFolder(string source, string name, string folder, IReadOnlySet<string>? wanted, CancellationToken cancellationToken)
    {
        var target = new Target(name, folder, wanted);
        var files = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (string file in Directory.EnumerateFiles(source, "*", files))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using FileStream content = Open(file, file);
            target.Write(Path.GetRelativePath(source, file), content);
        }
    }

    private sealed class Target(string archive, string folder, IReadOnlySet<string>? wanted)
    {
        private long _total;

        /// <summary>Writes an entry's file.</summary>
        /// <returns>Its length; null where it is not wanted.</returns>
        public long? Write(string entry, Stream content)
        {
            string path = PackPath.Normalise(entry)
                ?? throw new SemblanceException($"{archive}: holds the path '{entry}', which leads out of the pack; nothing of it was installed.");
            if (wanted?.Contains(path) == false)
            {
                return null;
            }

            string file = Path.Combine(folder, path);
            if (Path.Exists(file))
            {
                throw new SemblanceException($"{archive}: holds '{path}' twice; nothing of it was installed.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            byte[] buffer = new byte[1 << 16];
            int read;
            while ((read = content.Read(buffer)) > 0)
            {
                _total += read;
                if (_total > LargestTotal)
                {
                    throw new SemblanceException($"{archive}: unpacks to more than {LargestTotal >> 30} GB; nothing of it was installed.");
                }

                target.Write(buffer.AsSpan(0, read));
            }

            return target.Length;
        }
    }
}

using System.Text.Json;
using Semblance.Data;
using Semblance.IO;

namespace Semblance.Recognition.Photos;

/// <summary>
/// The folder that an alignment fills: crops, a sidecar per photo, the report. The sidecar comes last and goes first, so that where it is, the
/// crops that it names are whole and made with its settings, whenever the process ended.
/// </summary>
internal sealed class CropFolder
{
    private readonly string _folder;
    private readonly AlignmentSettings _settings;

    private CropFolder(string folder, AlignmentSettings settings) => (_folder, _settings) = (folder, settings);

    /// <summary>Opens the folder, or makes it.</summary>
    /// <exception cref="UsageException">The photographs lie in it or it in them, or it holds other things.</exception>
    /// <exception cref="SemblanceException">It cannot be read.</exception>
    public static CropFolder Open(string output, string photos, AlignmentSettings settings)
    {
        string folder = FolderPlace.Resolve(output), input = FolderPlace.Resolve(photos);
        if (File.Exists(folder))
        {
            throw new UsageException($"out is {output}, a file; name a folder for the crops.");
        }

        if (FolderPlace.IsWithin(folder, input))
        {
            throw new UsageException($"out is {output}, within the photographs of {photos}; its crops would be taken for photographs the next time. Name a folder elsewhere.");
        }

        if (Directory.Exists(input) && FolderPlace.IsWithin(input, folder))
        {
            throw new UsageException($"out is {output}, and the photographs of {photos} lie in it; crops could overwrite them. Name a folder elsewhere.");
        }

        try
        {
            // The report is written first, so a run that was killed there leaves its temporary file alone.
            if (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, AlignmentReport.FileName))
                && Directory.EnumerateFileSystemEntries(folder).Any(entry => !AtomicFile.IsLeftoverOf(entry, AlignmentReport.FileName)))
            {
                throw new UsageException($"out is {output}, which is not empty and was not made by an alignment (it has no {AlignmentReport.FileName}); crops could overwrite what is there. Name another folder.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{output}: cannot be read: {e.Message}", e);
        }

        return new CropFolder(folder, settings);
    }

    /// <summary>Writes the report.</summary>
    public void Write(AlignmentReport report) =>
        AtomicFile.WriteText(Path.Combine(_folder, AlignmentReport.FileName), JsonSerializer.Serialize(report, AlignmentJson.Readable.AlignmentReport));

    /// <summary>The sidecar of a photo of these very bytes, made with these settings and with all its crops in place; else null.</summary>
    public AlignedPhoto? Done(string stem, string digest) =>
        Read(stem) is { } before && before.Digest == digest && before.Settings == _settings && CropsOf(before, stem).All(File.Exists) ? before : null;

    /// <summary>Replaces what an earlier run left of a photo by its new crops and, at last, its sidecar.</summary>
    /// <param name="stem">The photo's name in the folder, without extension.</param>
    /// <param name="photo">The sidecar.</param>
    /// <param name="crops">The crops that it names, coded.</param>
    public void Replace(string stem, AlignedPhoto photo, IEnumerable<(string Name, byte[] Bytes)> crops)
    {
        RemoveOld(stem);
        foreach ((string name, byte[] bytes) in crops)
        {
            AtomicFile.Write(Path.Combine(FolderOf(stem), name), stream => stream.Write(bytes));
        }

        AtomicFile.WriteText(Sidecar(stem), JsonSerializer.Serialize(photo, AlignmentJson.Readable.AlignedPhoto));
    }

    private void RemoveOld(string stem)
    {
        if (!File.Exists(Sidecar(stem)))
        {
            return;
        }

        try
        {
            // What cannot be read names no crops; new ones replace those of the same name.
            string[] crops = Read(stem) is { } before ? [.. CropsOf(before, stem)] : [];
            File.Delete(Sidecar(stem));
            foreach (string crop in crops)
            {
                File.Delete(crop);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{Sidecar(stem)}: cannot be replaced: {e.Message}", e);
        }
    }

    private AlignedPhoto? Read(string stem)
    {
        try
        {
            string sidecar = Sidecar(stem);
            return File.Exists(sidecar) ? JsonSerializer.Deserialize(File.ReadAllBytes(sidecar), AlignmentJson.Readable.AlignedPhoto) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // A sidecar that cannot be read is made again.
            return null;
        }
    }

    // A sidecar that somebody edited must not lead anywhere else: crops are its neighbours and bear the photo's name.
    private IEnumerable<string> CropsOf(AlignedPhoto photo, string stem)
    {
        string begins = Path.GetFileName(stem) + ".";
        return photo.Faces.Select(face => face.Crop).OfType<string>()
            .Where(crop => crop == Path.GetFileName(crop) && crop.StartsWith(begins, StringComparison.Ordinal))
            .Select(crop => Path.Combine(FolderOf(stem), crop));
    }

    private string Sidecar(string stem) => Path.Combine(_folder, stem + ".json");

    private string FolderOf(string stem) => Path.GetDirectoryName(Sidecar(stem))!;
}

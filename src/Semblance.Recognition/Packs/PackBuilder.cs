using Semblance.Models;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Models;

namespace Semblance.Recognition.Packs;

/// <summary>Makes a pack's folder out of unpacked files: every hash checked, every model opened, embedders rewritten and given their card.</summary>
internal sealed class PackBuilder
{
    private const string DerivedExtension = ".semblance.onnx";
    private readonly string _unpacked;
    private readonly string _source;
    private readonly List<string> _notes;

    /// <summary>Prepares.</summary>
    /// <param name="unpacked">The folder beside whose files the manifest lies.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="notes">Gets sentences for a person.</param>
    public PackBuilder(string unpacked, string source, List<string> notes) => (_unpacked, _source, _notes) = (unpacked, source, notes);

    /// <summary>Checks that all files of a manifest are there and are what it says.</summary>
    /// <exception cref="SemblanceException">One is missing or another.</exception>
    public void CheckFiles(PackManifest manifest, CancellationToken cancellationToken)
    {
        foreach (PackModel model in manifest.Models)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string actual = FileHash.Sha256(Find(model.File));
            if (actual != model.Sha256)
            {
                throw new SemblanceException($"{_source}: the SHA-256 of '{model.File}' is {actual}, expected {model.Sha256}. Nothing in the cache has changed.");
            }
        }
    }

    /// <summary>Reads the licence.</summary>
    /// <exception cref="SemblanceException">The manifest names a file that is missing.</exception>
    public PackLicence ReadLicence(PackManifest manifest) =>
        new(manifest.Name, manifest.License, manifest.LicenseFile is { } file ? File.ReadAllText(Find(file)) : null);

    /// <summary>Makes the folder.</summary>
    /// <param name="manifest">What it is to hold, checked.</param>
    /// <param name="licence">Its licence.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="cancellationToken">Stops between models.</param>
    /// <exception cref="SemblanceException">A model does not load or is not what the manifest says.</exception>
    public void Build(PackManifest manifest, PackLicence licence, string origin, string folder, CancellationToken cancellationToken)
    {
        var models = new List<PackModel>();
        foreach (PackModel model in manifest.Models)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string file = Unique(Path.GetFileName(model.File), folder);
            string target = Path.Combine(folder, file);
            File.Copy(Find(model.File), target);
            models.Add(Named(model.File, target, () => Prepare(model with { File = file, Derived = null }, folder)));
        }

        if (licence.Text is { } text)
        {
            File.WriteAllText(Path.Combine(folder, InstalledPack.LicenceFile), text);
        }

        PackManifest installed = manifest with
        {
            Models = models,
            LicenseFile = licence.Text is null ? null : InstalledPack.LicenceFile,
            Source = origin,
            Installed = DateTimeOffset.UtcNow,
        };
        File.WriteAllBytes(Path.Combine(folder, PackManifest.FileName), PackManifestFormat.Write(installed));
    }

    private PackModel Prepare(PackModel model, string folder)
    {
        string path = Path.Combine(folder, model.File);
        switch (model.Role)
        {
            case ModelRole.Detector:
                using (OnnxFaceDetector detector = (OnnxFaceDetector)FaceDetectors.Open(path, model.Family))
                {
                    return model with { Family = detector.Family };
                }

            case ModelRole.Landmarks:
                FaceDetectors.OpenLandmarks(path).Dispose();
                return model with { Family = DetectorFamily.Landmarks68 };
            default:
                return PrepareEmbedder(model, path);
        }
    }

    private PackModel PrepareEmbedder(PackModel model, string path)
    {
        ModelCard card = model.Embedder?.ToCard(model.Sha256) ?? ModelFile.ReadCard(path);
        RewrittenModel rewritten = ModelRewriter.Rewrite(File.ReadAllBytes(path), path);
        if (rewritten.ReplacedActivations > 0)
        {
            _notes.Add($"{model.File}: {rewritten.ReplacedActivations} PRelu were replaced by faster operators; outputs agree within {rewritten.Difference:0.0e+0}.");
        }

        bool asItIs = model.Embedder is null && rewritten.ReplacedActivations == 0 && !rewritten.FreedBatch;
        string used = asItIs ? path : Path.ChangeExtension(path, DerivedExtension);
        byte[] bytes = asItIs ? [] : rewritten.ToBytes(card);
        if (!asItIs)
        {
            File.WriteAllBytes(used, bytes);
        }

        OnnxFaceEmbedder.Open(used, 1).Dispose();
        return asItIs ? model : model with { Derived = new DerivedFile(Path.GetFileName(used), FileHash.Sha256(bytes)) };
    }

    /// <summary>A message about a file in the folder that is being made tells nobody anything: it names the pack's file instead.</summary>
    private T Named<T>(string file, string target, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SemblanceException e)
        {
            string reason = e.Message.Replace(target, file, StringComparison.Ordinal).Replace(Path.ChangeExtension(target, DerivedExtension), file, StringComparison.Ordinal);
            throw new SemblanceException($"{_source}: {reason} Nothing in the cache has changed.", e);
        }
    }

    private string Find(string file)
    {
        string path = Path.Combine(_unpacked, PackPath.Normalise(file)!);
        return File.Exists(path) ? path : throw new SemblanceException($"{_source}: '{file}' is missing from it. Nothing in the cache has changed.");
    }

    private static string Unique(string file, string folder)
    {
        string unique = file;
        for (int i = 2; File.Exists(Path.Combine(folder, unique)); i++)
        {
            unique = $"{Path.GetFileNameWithoutExtension(file)}-{i}{Path.GetExtension(file)}";
        }

        return unique;
    }
}

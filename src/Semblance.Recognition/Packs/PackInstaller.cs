using Semblance.Recognition.Packs.Sources;

namespace Semblance.Recognition.Packs;

/// <summary>
/// Brings packs into a library: fetched into a folder of their own, every file checked, models opened and embedders rewritten there, and only
/// then moved to their place in one step. Whatever fails before leaves the library as it was.
/// </summary>
public sealed class PackInstaller
{
    private const string Downloads = ".downloads";
    private readonly ModelLibrary _library;
    private readonly PackCatalogue _catalogue;
    private readonly Action<PackLicence> _showLicence;
    private readonly IProgress<WorkProgress>? _progress;

    internal PackInstaller(ModelLibrary library, PackCatalogue catalogue, Action<PackLicence> showLicence, IProgress<WorkProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(showLicence);
        (_library, _catalogue, _showLicence, _progress) = (library, catalogue, showLicence, progress);
    }

    /// <summary>Pulls a pack of the catalogue with the user's own npm. One that is installed and unharmed is left alone.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops; nothing of it is then installed.</param>
    /// <exception cref="SemblanceException">The name is unknown, there is no npm, it fails, a file is another than the pinned one, or the disk is full.</exception>
    public PackInstallation PullKnown(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        CataloguePack known = _catalogue.Find(name)
            ?? throw new SemblanceException($"{name}: no model pack of this name is known; {NameSuggestion.Sentence(name, [.. _catalogue.Packs.Select(pack => pack.Manifest.Name)])} Others are pulled from a file or with --url.");
        return Unharmed(known, cancellationToken) ?? InStaging(staging =>
        {
            _progress?.Report(new WorkProgress("fetching", 0, 0, "files", $"npm pack {known.Npm}"));
            string searchPath = Environment.GetEnvironmentVariable("PATH") ?? "";
            string tarball = NpmClient.FetchAsync(known.Npm, staging.Folder("fetched"), searchPath, cancellationToken).GetAwaiter().GetResult();
            return InstallKnown(known, tarball, known.Npm.ToString(), staging, cancellationToken);
        });
    }

    /// <summary>Pulls a pack from a server.</summary>
    /// <param name="address">The archive's or model's address, http or https.</param>
    /// <param name="sha256">The hash that its publisher states, in hex.</param>
    /// <param name="name">What to call it; null for the manifest's or the file's name.</param>
    /// <param name="cancellationToken">Stops; nothing of it is then installed, and what has arrived is kept for the next time.</param>
    /// <exception cref="SemblanceException">The server is out of reach, the file is another, or is no pack.</exception>
    /// <exception cref="UsageException">The address or hash is none, or the name is taken.</exception>
    public PackInstallation PullUrl(string address, string sha256, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(sha256);
        string hash = sha256.ToLowerInvariant();
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"--url is '{address}'; expected an address that begins with http:// or https://.");
        }

        if (!FileHash.IsSha256(hash))
        {
            throw new UsageException($"--sha256 is '{sha256}'; expected 64 hex digits, as the publisher of the file states them.");
        }

        RequireFree(name);
        return InStaging(staging =>
        {
            using var download = new PackDownload(Path.Combine(_library.Folder, Downloads), _progress);
            string file = download.FetchAsync(uri, hash, cancellationToken).GetAwaiter().GetResult();
            string last = Uri.UnescapeDataString(uri.Segments[^1]).Trim('/');
            PackInstallation installation = InstallAny(file, last.Length > 0 ? last : uri.Host, address, name, staging, cancellationToken);
            File.Delete(file);
            return installation;
        });
    }

    /// <summary>Installs a pack from this machine: a .tgz, .zip, folder or ONNX file.</summary>
    /// <param name="path">The path. A tarball of a known pack is recognised by its hash.</param>
    /// <param name="name">What to call it; null for the manifest's or the file's name.</param>
    /// <param name="sha256">The hash that the file must have, in hex; null for whichever it has.</param>
    /// <param name="cancellationToken">Stops; nothing of it is then installed.</param>
    /// <exception cref="SemblanceException">There is no such file, or it is no pack.</exception>
    /// <exception cref="UsageException">The hash is none, or the name is taken.</exception>
    public PackInstallation PullFile(string path, string? name = null, string? sha256 = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireFree(name);
        RequireHash(path, sha256);
        return InStaging(staging => InstallAny(path, path, Path.GetFullPath(path), name, staging, cancellationToken));
    }

    private PackInstallation InstallAny(string path, string title, string origin, string? name, StagingFolder staging, CancellationToken cancellationToken)
    {
        if (name is null && File.Exists(path))
        {
            string integrity = FileHash.Integrity(path);
            if (_catalogue.Packs.FirstOrDefault(pack => pack.Npm.Integrity == integrity) is { } known)
            {
                return Unharmed(known, cancellationToken) ?? InstallKnown(known, path, known.Npm.ToString(), staging, cancellationToken);
            }
        }

        _progress?.Report(new WorkProgress("unpacking", 0, 0, "files", title));
        string unpacked = staging.Folder("unpacked");
        PackArchive.Unpack(path, title, unpacked, null, cancellationToken);
        var notes = new List<string>();
        (PackManifest manifest, string folder) = FindManifest(unpacked, title)
            ?? (PackRecogniser.Describe(unpacked, name ?? PackName.From(title), title, notes, cancellationToken), unpacked);
        manifest = name is null ? manifest : manifest with { Name = name };
        RequireFree(manifest.Name);
        return Install(manifest, folder, title, origin, notes, staging, cancellationToken);
    }

    private PackInstallation InstallKnown(CataloguePack known, string tarball, string title, StagingFolder staging, CancellationToken cancellationToken)
    {
        _progress?.Report(new WorkProgress("unpacking", 0, 0, "files", title));
        string unpacked = staging.Folder("unpacked");
        var wanted = known.Manifest.Models.Select(model => model.File).Append(known.Manifest.LicenseFile ?? "").ToHashSet(StringComparer.Ordinal);
        PackArchive.Unpack(tarball, title, unpacked, wanted, cancellationToken);
        return Install(known.Manifest, unpacked, title, $"npm {known.Npm}", [], staging, cancellationToken);
    }

    private PackInstallation Install(
        PackManifest manifest, string unpacked, string title, string origin, List<string> notes, StagingFolder staging, CancellationToken cancellationToken)
    {
        var builder = new PackBuilder(unpacked, title, notes);
        _progress?.Report(new WorkProgress("checking", 0, manifest.Models.Count, "models", manifest.Name));
        builder.CheckFiles(manifest, cancellationToken);
        PackLicence licence = builder.ReadLicence(manifest);
        _showLicence(licence);
        string made = staging.Folder("pack");
        builder.Build(manifest, licence, origin, made, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Place(made, Path.Combine(_library.Folder, manifest.Name), Path.Combine(staging.Path, "replaced"));
        return new PackInstallation(_library.Find(manifest.Name)!, WasThere: false, notes);
    }

    /// <summary>Puts a finished pack where a damaged or older one of its name may be; that one comes back where the move fails.</summary>
    private static void Place(string made, string target, string replaced)
    {
        bool replaces = Directory.Exists(target);
        if (replaces)
        {
            Directory.Move(target, replaced);
        }

        try
        {
            Directory.Move(made, target);
        }
        catch
        {
            if (replaces)
            {
                Directory.Move(replaced, target);
            }

            throw;
        }
    }

    private PackInstallation? Unharmed(CataloguePack known, CancellationToken cancellationToken)
    {
        string name = known.Manifest.Name;
        return Directory.Exists(Path.Combine(_library.Folder, name))
            && _library.Check(name, cancellationToken).Count == 0
            && _library.Find(name) is { } pack
            && known.Manifest.Models.Select(model => (model.Name, model.Sha256)).SequenceEqual(pack.Manifest.Models.Select(model => (model.Name, model.Sha256)))
            ? new PackInstallation(pack, WasThere: true, [])
            : null;
    }

    /// <summary>The manifest of an archive, beside its files or in the one folder that holds them all.</summary>
    private static (PackManifest Manifest, string Folder)? FindManifest(string unpacked, string title)
    {
        foreach (string folder in Directory.GetDirectories(unpacked).Prepend(unpacked))
        {
            string path = Path.Combine(folder, PackManifest.FileName);
            if (File.Exists(path))
            {
                string where = $"{title}: {Path.GetRelativePath(unpacked, path).Replace('\\', '/')}";
                return (PackManifestFormat.Read(File.ReadAllBytes(path), where), folder);
            }
        }

        return null;
    }

    private static void RequireHash(string path, string? sha256)
    {
        if (sha256 is null)
        {
            return;
        }

        string expected = sha256.ToLowerInvariant();
        if (!FileHash.IsSha256(expected))
        {
            throw new UsageException($"--sha256 is '{sha256}'; expected 64 hex digits, as the publisher of the file states them.");
        }

        if (!File.Exists(path))
        {
            throw new SemblanceException($"{path}: no such file; --sha256 is the hash of a file.");
        }

        string actual = ModelLibrary.OnFiles(path, () => FileHash.Sha256(path));
        if (!string.Equals(actual, expected, StringComparison.Ordinal))
        {
            throw new SemblanceException($"{path}: its SHA-256 is {actual}, expected {expected}. Nothing in the cache has changed.");
        }
    }

    private void RequireFree(string? name)
    {
        if (name is null)
        {
            return;
        }

        if (!PackName.IsValid(name))
        {
            throw new UsageException($"--name is '{name}'; expected {PackName.Rule}.");
        }

        if (_catalogue.Find(name) is not null)
        {
            throw new UsageException($"'{name}' is the name of a known model pack; give another --name.");
        }

        if (Directory.Exists(Path.Combine(_library.Folder, name)))
        {
            throw new UsageException($"a model pack named '{name}' is installed already; remove it with 'semblance models remove {name}', or give another --name.");
        }
    }

    private PackInstallation InStaging(Func<StagingFolder, PackInstallation> install) => ModelLibrary.OnFiles(_library.Folder, () =>
    {
        using var staging = StagingFolder.Create(_library.Folder);
        return install(staging);
    });
}

using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Packs;

/// <summary>
/// The model packs of a cache folder: what commands name by <c>--model NAME</c> and <c>--detector NAME</c>. A pack appears in it whole, with all
/// hashes checked, or not at all. What is used is checked against its hash each time.
/// </summary>
public sealed class ModelLibrary
{
    /// <summary>The environment variable that names another cache folder.</summary>
    public const string FolderVariable = "SEMBLANCE_MODELS";

    private readonly PackCatalogue _catalogue;

    /// <summary>Opens the library; the folder appears with the first pack.</summary>
    /// <param name="folder">The cache folder; null for <see cref="DefaultFolder"/>.</param>
    /// <param name="catalogue">The packs known by name; null for <see cref="PackCatalogue.BuiltIn"/>.</param>
    public ModelLibrary(string? folder = null, PackCatalogue? catalogue = null)
    {
        Folder = Path.GetFullPath(folder ?? DefaultFolder);
        _catalogue = catalogue ?? PackCatalogue.BuiltIn;
    }

    /// <summary>What <see cref="FolderVariable"/> says, else semblance/models in the user's local application data.</summary>
    public static string DefaultFolder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "semblance", "models");

    /// <summary>The cache folder.</summary>
    public string Folder { get; }

    /// <summary>The packs known by name.</summary>
    public IReadOnlyList<CataloguePack> Known => _catalogue.Packs;

    /// <summary>The installed packs by name. A damaged one is left out; <see cref="Verify"/> tells of it.</summary>
    /// <exception cref="SemblanceException">The folder cannot be read.</exception>
    public IReadOnlyList<InstalledPack> List()
    {
        var packs = new List<InstalledPack>();
        foreach (string name in Names())
        {
            try
            {
                packs.Add(Read(name));
            }
            catch (SemblanceException)
            {
                // Told by Verify, and by whoever asks for this pack.
            }
        }

        return packs;
    }

    /// <summary>Finds an installed pack.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The pack, or null.</returns>
    /// <exception cref="SemblanceException">It is there but its manifest cannot be read.</exception>
    public InstalledPack? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PackName.IsValid(name) && Directory.Exists(Path.Combine(Folder, name)) ? Read(name) : null;
    }

    /// <summary>Installs packs into this library.</summary>
    /// <param name="showLicence">Is shown each pack's licence before anything of it is installed; what it throws stops the installation.</param>
    /// <param name="progress">Hears how far it has come.</param>
    public PackInstaller Installer(Action<PackLicence> showLicence, IProgress<WorkProgress>? progress = null) =>
        new(this, _catalogue, showLicence, progress);

    /// <summary>Checks every file of installed packs against its hash.</summary>
    /// <param name="name">A pack; null for all.</param>
    /// <param name="progress">Hears how far it has come.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>What is wrong; empty where nothing is.</returns>
    /// <exception cref="SemblanceException">There is no such pack.</exception>
    public IReadOnlyList<PackProblem> Verify(string? name = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (name is not null && !(PackName.IsValid(name) && Directory.Exists(Path.Combine(Folder, name))))
        {
            throw NotInstalled(name);
        }

        var problems = new List<PackProblem>();
        string[] names = name is null ? [.. Names()] : [name];
        for (int i = 0; i < names.Length; i++)
        {
            progress?.Report(new WorkProgress("checking packs", i, names.Length, "packs", names[i]));
            problems.AddRange(Check(names[i], cancellationToken));
        }

        return problems;
    }

    /// <summary>Removes a pack with all its files.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="SemblanceException">There is no such pack, or its files cannot be removed.</exception>
    public void Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!PackName.IsValid(name) || !Directory.Exists(Path.Combine(Folder, name)))
        {
            string[] installed = [.. Names()];
            throw new SemblanceException($"{name}: no such model pack is installed; {(installed.Length > 0 ? NameSuggestion.Sentence(name, installed) : "none is.")}");
        }

        OnFiles(Folder, () =>
        {
            // Away from sight in one step; a removal that is killed leaves no half pack behind.
            using var staging = StagingFolder.Create(Folder);
            Directory.Move(Path.Combine(Folder, name), Path.Combine(staging.Path, name));
            return true;
        });
    }

    /// <summary>The ONNX file of an embedder, with a card of Semblance in it.</summary>
    /// <param name="nameOrPath">An installed pack's name, PACK/MODEL where it has several, or a path, which comes back as it is.</param>
    /// <exception cref="SemblanceException">The pack is not installed, has no embedder, or its file is damaged.</exception>
    public string ResolveEmbedder(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (IsPath(nameOrPath))
        {
            return nameOrPath;
        }

        (InstalledPack pack, PackModel model) = Choose(nameOrPath, ModelRole.Embedder);
        return Checked(pack, model);
    }

    /// <summary>The files of a detector, with its landmark model where the pack has one.</summary>
    /// <param name="nameOrPath">An installed pack's name, PACK/MODEL where it has several, or the path of an ONNX file.</param>
    /// <exception cref="SemblanceException">The pack is not installed, has no detector, or a file is damaged.</exception>
    public ResolvedDetector ResolveDetector(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (IsPath(nameOrPath))
        {
            return new ResolvedDetector(nameOrPath, nameOrPath, null, null);
        }

        (InstalledPack pack, PackModel model) = Choose(nameOrPath, ModelRole.Detector);
        PackModel? landmarks = pack.Manifest.Models.FirstOrDefault(other => other.Role == ModelRole.Landmarks);
        return new ResolvedDetector(nameOrPath, Checked(pack, model), model.Family, landmarks is null ? null : Checked(pack, landmarks));
    }

    /// <summary>The detector that belongs to an embedder: that of its own pack.</summary>
    /// <param name="embedder">What <see cref="ResolveEmbedder"/> was given.</param>
    /// <returns>The detector; null where the embedder is a file or its pack has none.</returns>
    /// <exception cref="SemblanceException">The pack is not installed, or a file is damaged.</exception>
    public ResolvedDetector? DefaultDetectorFor(string embedder)
    {
        ArgumentException.ThrowIfNullOrEmpty(embedder);
        if (IsPath(embedder))
        {
            return null;
        }

        (InstalledPack pack, _) = Choose(embedder, ModelRole.Embedder);
        return pack.Manifest.Models.Any(model => model.Role == ModelRole.Detector) ? ResolveDetector(pack.Name) : null;
    }

    /// <summary>Opens a detector, joined with its landmark model.</summary>
    /// <param name="nameOrPath">An installed pack's name, PACK/MODEL where it has several, or the path of an ONNX file.</param>
    /// <param name="options">What to report; null for the family's published values.</param>
    /// <exception cref="SemblanceException">The pack is not installed, has no detector, or a file is damaged.</exception>
    public IFaceDetector OpenDetector(string nameOrPath, DetectionOptions? options = null)
    {
        ResolvedDetector files = ResolveDetector(nameOrPath);
        return FaceDetectors.Open(files.Path, files.Family, files.LandmarksPath, options);
    }

    /// <summary>Turns failures of the file system into a line.</summary>
    internal static T OnFiles<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{folder}: the cache of models cannot be read or written: {e.Message.TrimEnd('.')}. Nothing in it has changed.", e);
        }
    }

    /// <summary>What is wrong with one pack.</summary>
    internal IReadOnlyList<PackProblem> Check(string name, CancellationToken cancellationToken)
    {
        InstalledPack pack;
        try
        {
            pack = Read(name);
        }
        catch (SemblanceException e)
        {
            return [new PackProblem(name, PackManifest.FileName, e.Message)];
        }

        var problems = new List<PackProblem>();
        foreach ((string file, string expected) in pack.Pinned())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ProblemOf(Path.Combine(pack.Folder, file), expected) is { } problem)
            {
                problems.Add(new PackProblem(name, file, problem));
            }
        }

        return problems;
    }

    private IEnumerable<string> Names() => Directory.Exists(Folder)
        ? OnFiles(Folder, () => Directory.GetDirectories(Folder)).Select(folder => Path.GetFileName(folder)).Where(PackName.IsValid).Order(StringComparer.Ordinal)
        : [];

    private InstalledPack Read(string name)
    {
        string folder = Path.Combine(Folder, name);
        string path = Path.Combine(folder, PackManifest.FileName);
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message} Remove the pack with 'semblance models remove {name}'.", e);
        }

        PackManifest manifest = PackManifestFormat.Read(json, path);
        return manifest.Name == name
            ? new InstalledPack(folder, manifest)
            : throw new SemblanceException($"{path}: is the manifest of '{manifest.Name}', but lies in the folder of '{name}'.");
    }

    private (InstalledPack Pack, PackModel Model) Choose(string name, ModelRole role)
    {
        string[] parts = name.Split('/', 2);
        InstalledPack pack = Find(parts[0]) ?? throw NotInstalled(name);
        PackModel[] fitting = [.. pack.Manifest.Models.Where(model => model.Role == role)];
        string kind = role == ModelRole.Embedder ? "embedder" : "detector";
        if (fitting.Length == 0)
        {
            string others = string.Join(", ", pack.Manifest.Models.Select(model => $"{model.Name} ({model.Role.ToString().ToLowerInvariant()})"));
            throw new SemblanceException($"{name}: this model pack has no {kind}; it has: {others}.");
        }

        PackModel? chosen = parts.Length == 1 ? fitting[0] : fitting.FirstOrDefault(model => model.Name == parts[1]);
        return chosen is not null
            ? (pack, chosen)
            : throw new SemblanceException($"{name}: the model pack '{pack.Name}' has no {kind} '{parts[1]}'; {NameSuggestion.Sentence(parts[1], [.. fitting.Select(model => model.Name)])}");
    }

    private static string Checked(InstalledPack pack, PackModel model)
    {
        string path = pack.PathOf(model);
        return ProblemOf(path, model.Derived?.Sha256 ?? model.Sha256) is { } problem
            ? throw new SemblanceException($"{path}: {problem}; remove the pack with 'semblance models remove {pack.Name}' and install it again from {pack.Manifest.Source ?? "where it came from"}.")
            : path;
    }

    private static string? ProblemOf(string path, string expected)
    {
        try
        {
            string actual = FileHash.Sha256(path);
            return actual == expected ? null : $"is damaged: its SHA-256 is {actual}, expected {expected}";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "is missing";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message.TrimEnd('.')}";
        }
    }

    private SemblanceException NotInstalled(string name)
    {
        string pack = name.Split('/', 2)[0];
        if (_catalogue.Find(pack) is not null)
        {
            return new SemblanceException($"{name}: this model pack is not installed; run 'semblance models pull {pack}'.");
        }

        string[] known = [.. Names().Concat(Known.Select(each => each.Manifest.Name)).Distinct()];
        string? near = NameSuggestion.Closest(pack, known);
        string pull = near is not null && Find(near) is null ? $" It is not installed yet: run 'semblance models pull {near}'." : "";
        return new SemblanceException($"{name}: no such file, and no model pack of this name; {NameSuggestion.Sentence(pack, known)}{pull}");
    }

    /// <summary>Whether a text can only be meant as a path; what exists is one too.</summary>
    private static bool IsPath(string nameOrPath) =>
        Path.Exists(nameOrPath)
        || nameOrPath.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        || !nameOrPath.Split('/', 2).All(PackName.IsValid);
}

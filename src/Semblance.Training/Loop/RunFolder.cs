using Semblance.Models;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Weights;

namespace Semblance.Training.Loop;

/// <summary>The layout of a run's folder, and the way to what lies in it.</summary>
public sealed class RunFolder
{
    /// <summary>Names the folder; nothing is read or made.</summary>
    /// <param name="path">The folder.</param>
    public RunFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The resolved config.</summary>
    public string ConfigPath => In("config.yaml");

    /// <summary>The figures as JSON lines.</summary>
    public string MetricsPath => In("metrics.jsonl");

    /// <summary>TensorBoard's event files.</summary>
    public string EventsPath => In("events");

    /// <summary>What happened, in words.</summary>
    public string LogPath => In("log.txt");

    /// <summary>The identities by label, one a line.</summary>
    public string IdentitiesPath => In("identities.txt");

    /// <summary>The complete state to resume from.</summary>
    public string CheckpointPath => In("checkpoints/last.safetensors");

    /// <summary>The weights to deploy with their card: of the best validation where there is one, else the latest.</summary>
    public string ModelPath => In("model.safetensors");

    /// <summary>The figures of a finished run.</summary>
    public string SummaryPath => In("summary.json");

    /// <summary>The run's page: curves and warnings.</summary>
    public string ReportPath => In("report.html");

    /// <summary>Held open by the process that trains.</summary>
    internal string LockPath => In("run.lock");

    /// <summary>Opens a folder that holds a run.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="SemblanceException">The folder is missing or holds no run.</exception>
    public static RunFolder Open(string path)
    {
        var run = new RunFolder(path);
        return !Directory.Exists(path) ? throw new SemblanceException($"{path}: there is no such run folder.")
            : !File.Exists(run.ConfigPath) ? throw new SemblanceException($"{path}: is no run folder: it has no config.yaml. Make one with 'semblance train --out {path}'.")
            : run;
    }

    /// <summary>Reads the resolved config.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public TrainingConfig ReadConfig() => TrainingConfigFile.Read(ConfigPath);

    /// <summary>Opens the weights to deploy; the caller disposes of the embedder.</summary>
    /// <exception cref="SemblanceException">The run has no weights yet, or the file is damaged.</exception>
    public TorchFaceEmbedder OpenEmbedder()
    {
        Backbone backbone = OpenBackbone(out ModelCard card);
        return new TorchFaceEmbedder(backbone, card);
    }

    /// <summary>Loads the weights to deploy into a module of their own; the caller disposes of it.</summary>
    /// <param name="card">What the weights are.</param>
    /// <exception cref="SemblanceException">The run has no weights yet, or the file is damaged.</exception>
    public Backbone OpenBackbone(out ModelCard card)
    {
        if (!File.Exists(ModelPath))
        {
            throw new SemblanceException($"{Path}: the run has no weights yet; let it train, or resume it with 'semblance train --resume --out {Path}'.");
        }

        using (SafetensorsContent content = SafetensorsFile.Read(ModelPath))
        {
            card = ModelCard.FromMetadata(content.Metadata, ModelPath);
        }

        Backbone backbone = BackboneRegistry.Create(card.Backbone, card.EmbeddingSize, card.Preprocessing.Width);
        try
        {
            BackboneWeights.Load(backbone, ModelPath);
            backbone.eval();
            return backbone;
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

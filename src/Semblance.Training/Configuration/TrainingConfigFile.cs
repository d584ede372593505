using System.Collections;
using System.Globalization;
using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Semblance.Training.Configuration;

/// <summary>Reads and writes <see cref="TrainingConfig"/> as YAML, and lays the command line over it.</summary>
public static class TrainingConfigFile
{
    /// <summary>Reads a config file; keys it lacks keep their defaults.</summary>
    /// <param name="path">The file, or null for the defaults alone.</param>
    /// <param name="overrides">What the command line says, or null.</param>
    /// <exception cref="UsageException">The file is missing or no YAML, a key is unknown, or a value has the wrong type or range.</exception>
    public static TrainingConfig Read(string? path, TrainingOverrides? overrides = null)
    {
        YamlMappingNode root = path is null ? new YamlMappingNode() : Load(path);
        overrides ??= new TrainingOverrides();
        foreach (string assignment in overrides.Set)
        {
            Assign(root, assignment);
        }

        var config = (TrainingConfig)new YamlBinder(path ?? "--set").Bind(root, typeof(TrainingConfig), "")!;
        config = Apply(config, overrides);
        config = overrides.AutoWarmUp ? WithWarmUp(config, overrides.AutoWarmUpEpochs) : config;
        TrainingConfigRules.Check(config, path ?? "the command line");
        return config;
    }

    /// <summary>Reads a YAML list of parts: each a name, or a mapping of <c>name</c> and parameters.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="UsageException">It is no such list.</exception>
    public static IReadOnlyList<ComponentConfig> ReadComponents(string yaml, string source)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count == 0 ? [] : (IReadOnlyList<ComponentConfig>)new YamlBinder(source).Bind(stream.Documents[0].RootNode, typeof(IReadOnlyList<ComponentConfig>), "")!;
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            throw new UsageException($"{source}: is no valid YAML; expected a list such as [arcface, {{name: cosface, margin: 0.2}}].", e);
        }
    }

    /// <summary>The config as YAML, every key spelled out.</summary>
    /// <param name="config">The config.</param>
    public static string ToYaml(TrainingConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(Node(config))).Save(writer, assignAnchors: false);
        string text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    /// <summary>Every key with its default, in the order of the file.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Keys()
    {
        var keys = new List<KeyValuePair<string, string>>();
        Walk(new TrainingConfig(), "");
        return keys;

        void Walk(object record, string prefix)
        {
            foreach ((string key, PropertyInfo property) in YamlBinder.KeysOf(record.GetType()))
            {
                object? value = property.GetValue(record);
                switch (value)
                {
                    case IReadOnlyList<StageConfig> stages:
                        Walk(stages[0], key + ".N.");
                        break;
                    case IReadOnlyDictionary<string, object?>:
                        keys.Add(new(prefix + key, "(see the loss)"));
                        break;
                    case ComponentConfig component:
                        keys.Add(new(prefix + key, component.Name));
                        break;
                    case IEnumerable and not string:
                        keys.Add(new(prefix + key, "[" + string.Join(", ", ((IEnumerable)value).Cast<object>().Select(Scalar)) + "]"));
                        break;
                    case null or string or ValueType:
                        keys.Add(new(prefix + key, Scalar(value)));
                        break;
                    default:
                        Walk(value, prefix + key + ".");
                        break;
                }
            }
        }
    }

    private static TrainingConfig Apply(TrainingConfig config, TrainingOverrides overrides)
    {
        IEnumerable<StageConfig> stages = overrides.Loss is null || overrides.Loss == config.Stages[0].Loss
            ? config.Stages
            : [config.Stages[0] with { Loss = overrides.Loss, LossParameters = LossParametersSet(config, overrides) }];
        return config with
        {
            Data = overrides.Data ?? config.Data,
            ExcludeIdentities = overrides.ExcludeIdentities ?? config.ExcludeIdentities,
            Backbone = overrides.Backbone ?? config.Backbone,
            InputSize = overrides.InputSize ?? config.InputSize,
            EmbeddingSize = overrides.EmbeddingSize ?? config.EmbeddingSize,
            MinImages = overrides.MinImages ?? config.MinImages,
            Seed = overrides.Seed ?? config.Seed,
            Precision = overrides.Precision is { } precision
                ? (Precision)new YamlBinder("--precision").Bind(new YamlScalarNode(precision), typeof(Precision), "precision")!
                : config.Precision,
            Init = overrides.Init ?? config.Init,
            Threads = overrides.Threads ?? config.Threads,
            ValidationPairs = overrides.Validation ?? config.ValidationPairs,
            Stages = [.. stages.Select(stage => stage with
            {
                Epochs = overrides.Epochs ?? stage.Epochs,
                Batch = overrides.Batch ?? stage.Batch,
                Lr = overrides.LearningRate ?? stage.Lr,
            })],
        };
    }

    private static TrainingConfig WithWarmUp(TrainingConfig config, double? epochs)
    {
        if (!config.Stages.Any(Loop.MarginWarmUp.Eases))
        {
            string losses = string.Join(", ", config.Stages.Select(stage => stage.Loss).Distinct());
            throw new UsageException($"--auto-warm-up: the loss {losses} has neither a margin nor hard tuples that could be eased; leave it out, or train with a margin loss such as arcface.");
        }

        return config with
        {
            Stages = [.. config.Stages.Select(stage => Loop.MarginWarmUp.Eases(stage)
                ? stage with { AutoWarmUp = epochs ?? Math.Round(stage.Epochs * Loop.MarginWarmUp.DefaultShare, 2) }
                : stage)],
        };
    }

    // The file's parameters belong to the file's loss; those of --set were meant for the loss named beside them.
    private static IReadOnlyDictionary<string, object?> LossParametersSet(TrainingConfig config, TrainingOverrides overrides)
    {
        const string Prefix = "stages.0.loss_parameters.";
        // miner.name=all sets a key within the parameter miner.
        var named = overrides.Set.Where(set => set.StartsWith(Prefix, StringComparison.Ordinal)).Select(set => set[Prefix.Length..].Split('=', '.')[0]).ToHashSet();
        return config.Stages[0].LossParameters.Where(pair => named.Contains(pair.Key)).ToDictionary();
    }

    private static YamlMappingNode Load(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            return yaml.Documents.Count == 0
                ? new YamlMappingNode()
                : yaml.Documents[0].RootNode as YamlMappingNode ?? throw new UsageException($"{path}: is no mapping of keys; expected lines like 'backbone: iresnet18'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: the config file cannot be read: {e.Message}", e);
        }
        catch (YamlException e)
        {
            throw new UsageException($"{path}, line {e.Start.Line}: is no valid YAML: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // YamlDotNet's scanner gives up on some malformed scalars without a place.
            throw new UsageException($"{path}: is no valid YAML; look for unbalanced brackets, braces or quotes.", e);
        }
    }

    private static void Assign(YamlMappingNode root, string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new UsageException($"--set '{assignment}': expected key=value, for example stages.0.lr=0.1.");
        }

        string[] path = assignment[..equals].Split('.');
        YamlNode at = root;
        for (int i = 0; i < path.Length - 1; i++)
        {
            at = Child(at, path[i], path[i + 1], assignment);
        }

        YamlNode value = ParseValue(assignment[(equals + 1)..], assignment);
        if (at is YamlSequenceNode list && int.TryParse(path[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Children.Count)
        {
            list.Children[index] = value;
        }
        else if (at is YamlMappingNode mapping)
        {
            mapping.Children[path[^1]] = value;
        }
        else
        {
            throw new UsageException($"--set '{assignment}': there is no key '{path[^1]}' there.");
        }
    }

    private static YamlNode Child(YamlNode at, string name, string next, string assignment)
    {
        switch (at)
        {
            case YamlMappingNode mapping:
                if (!mapping.Children.TryGetValue(name, out YamlNode? child))
                {
                    // A list that the file lacks is the default one, of one element.
                    child = int.TryParse(next, out _) ? new YamlSequenceNode(new YamlMappingNode()) : new YamlMappingNode();
                    mapping.Children[name] = child;
                }

                return child;
            case YamlSequenceNode list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Children.Count:
                return list.Children[index];
            case YamlSequenceNode list:
                throw new UsageException($"--set '{assignment}': '{name}' is no index of a list of {list.Children.Count}.");
            default:
                throw new UsageException($"--set '{assignment}': '{name}' lies below a plain value.");
        }
    }

    private static YamlNode ParseValue(string text, string assignment)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents.Count == 0 ? new YamlScalarNode("") : yaml.Documents[0].RootNode;
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            throw new UsageException($"--set '{assignment}': the value is no valid YAML: {e.Message}", e);
        }
    }

    private static YamlNode Node(object? value) => value switch
    {
        ComponentConfig { Parameters.Count: 0 } component => Node(component.Name),
        ComponentConfig component => Node(component.Parameters.Prepend(new(ComponentConfig.NameKey, component.Name)).ToDictionary()),
        IReadOnlyDictionary<string, object?> map => new YamlMappingNode(map.Select(pair => new KeyValuePair<YamlNode, YamlNode>(pair.Key, Node(pair.Value)))),
        string text => new YamlScalarNode(text) { Style = text.Length == 0 || text.AsSpan().ContainsAnyExcept(Plain) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any },
        null or ValueType => new YamlScalarNode(Scalar(value)),
        IEnumerable list => new YamlSequenceNode(list.Cast<object>().Select(Node)),
        _ => new YamlMappingNode(YamlBinder.KeysOf(value.GetType()).Select(pair => new KeyValuePair<YamlNode, YamlNode>(pair.Key, Node(pair.Value.GetValue(value))))),
    };

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./");

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        Enum name => YamlBinder.KeyOf(name.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

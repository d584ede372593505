using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Semblance.IO;
using Semblance.Training.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>Puts weights into a backbone, takes them out, and names them by a fingerprint.</summary>
public static class BackboneWeights
{
    // A counter that older files lack and that no computation with a fixed momentum reads.
    private const string BatchCounter = "num_batches_tracked";

    // What wrapping a module for data-parallel training puts before each of its keys.
    private const string ParallelPrefix = "module.";

    /// <summary>
    /// Loads parameters and buffers, strictly: every tensor must be there in its shape, and nothing else. Batch counters may be missing. The
    /// prefix "module." is dropped. The backbone changes only where all fits.
    /// </summary>
    /// <param name="backbone">What to load into; keeps its device, element types and strides.</param>
    /// <param name="path">A safetensors file (by its ending .safetensors) or a PyTorch state dict (.pth, .pt, .bin).</param>
    /// <exception cref="SemblanceException">The file is missing, damaged or of another architecture: names the first keys that do not fit.</exception>
    public static void Load(Backbone backbone, string path)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".SAFETENSORS":
                using (SafetensorsContent content = SafetensorsFile.Read(path))
                {
                    Load(backbone, content.Tensors, path);
                }

                break;
            case ".PTH" or ".PT" or ".BIN":
                using (PyTorchStateDict content = PyTorchStateDict.Read(path))
                {
                    Load(backbone, content.Tensors, path);
                }

                break;
            default:
                throw new SemblanceException($"{path}: unknown kind of weight file; expected .safetensors, or a PyTorch state dict as .pth, .pt or .bin.");
        }
    }

    /// <summary>Loads parameters and buffers from tensors in memory, under the same rules.</summary>
    /// <param name="backbone">What to load into.</param>
    /// <param name="tensors">Tensors by key; copied.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="SemblanceException">Keys or shapes do not fit.</exception>
    public static void Load(Backbone backbone, IReadOnlyDictionary<string, Tensor> tensors, string source)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(tensors);
        bool parallel = tensors.Count > 0 && tensors.Keys.All(k => k.StartsWith(ParallelPrefix, StringComparison.Ordinal));
        Dictionary<string, Tensor> given = tensors.ToDictionary(
            t => parallel ? t.Key[ParallelPrefix.Length..] : t.Key, t => t.Value, StringComparer.Ordinal);
        Dictionary<string, Tensor> wanted = backbone.state_dict();
        Check(backbone, wanted, given, source);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        foreach ((string key, Tensor target) in wanted)
        {
            if (given.TryGetValue(key, out Tensor? value))
            {
                target.copy_(value);
            }
        }
    }

    /// <summary>Saves parameters and buffers as a safetensors file, whole or not at all.</summary>
    /// <param name="backbone">The module.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="metadata">Text to keep in the file, or null.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public static void Save(Backbone backbone, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        KeyValuePair<string, Tensor>[] tensors = [.. backbone.state_dict().OrderBy(t => t.Key, StringComparer.Ordinal)];
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, metadata ?? new Dictionary<string, string>()));
    }

    /// <summary>
    /// SHA-256 (lower-case hex) over name, element type, shape and bytes of every parameter and buffer, in ordinal order of the names. Equal
    /// fingerprints mean equal embeddings. Strides do not matter, so a channels-last copy has the same fingerprint.
    /// </summary>
    /// <param name="backbone">The module.</param>
    public static string Fingerprint(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] number = new byte[8];
        foreach ((string name, Tensor tensor) in backbone.state_dict().OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            Append(text.Length);
            hash.AppendData(text);
            Append((int)tensor.dtype);
            Append(tensor.Dimensions);
            foreach (long dimension in tensor.shape)
            {
                Append(dimension);
            }

            using Tensor plain = TensorBytes.ToContiguousCpu(tensor);
            TensorBytes.Visit(plain, (piece, _) => hash.AppendData(piece));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            hash.AppendData(number);
        }
    }

    private static void Check(Backbone backbone, Dictionary<string, Tensor> wanted, Dictionary<string, Tensor> given, string source)
    {
        string[] missing = [.. wanted.Keys.Where(k => !given.ContainsKey(k) && !k.EndsWith(BatchCounter, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string[] unexpected = [.. given.Keys.Where(k => !wanted.ContainsKey(k) && !backbone.IsForeignKey(k)).Order(StringComparer.Ordinal)];
        string[] misshapen = [.. wanted.Where(w => given.TryGetValue(w.Key, out Tensor? g) && !g.shape.SequenceEqual(w.Value.shape))
            .OrderBy(w => w.Key, StringComparer.Ordinal)
            .Select(w => $"{w.Key} is {Shape(given[w.Key])}, expected {Shape(w.Value)}")];
        string[] problems =
        [
            .. Describe("missing", missing), .. Describe("unexpected", unexpected), .. Describe("of another shape", misshapen),
        ];
        if (problems.Length > 0)
        {
            throw new SemblanceException(
                $"{source}: does not fit {backbone.RegisteredName} ({backbone.EmbeddingSize}-d, {backbone.InputSize} px): {string.Join("; ", problems)}. "
                + "Choose the backbone, embedding size and input size that the weights were trained with.");
        }
    }

    private static IEnumerable<string> Describe(string what, string[] items)
    {
        if (items.Length > 0)
        {
            string more = items.Length > 3 ? " …" : "";
            yield return $"{items.Length} {what} ({string.Join(", ", items.Take(3))}{more})";
        }
    }

    private static string Shape(Tensor tensor) => $"[{string.Join("×", tensor.shape)}]";
}

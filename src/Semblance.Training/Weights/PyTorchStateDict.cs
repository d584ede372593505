using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>
/// The tensors of a PyTorch state dict: a zip archive of one pickle and raw storages, as torch.save writes it since PyTorch 1.6. The pickle
/// is read by <see cref="RestrictedUnpickler"/>, which can build dictionaries and tensors and nothing else. A checkpoint that keeps its
/// weights under "state_dict", "model" or the like is opened, and the prefix "module." is dropped. Owns its tensors.
/// </summary>
public sealed class PyTorchStateDict : IDisposable
{
    private const int MaxNesting = 4;
    private const long MaxPickleLength = 64L << 20;
    private static readonly string[] s_wrappers = ["state_dict", "model_state_dict", "model", "backbone", "net"];

    private PyTorchStateDict(IReadOnlyDictionary<string, Tensor> tensors) => Tensors = tensors;

    /// <summary>Contiguous CPU tensors by key, in the file's order. They belong to this object, not to a dispose scope.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">A .pth, .pt or .bin file.</param>
    /// <returns>The tensors; the caller disposes of them.</returns>
    /// <exception cref="SemblanceException">The file is missing, damaged, no state dict, or its pickle asks for anything but tensors.</exception>
    public static PyTorchStateDict Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.ReadByte() != 'P' || file.ReadByte() != 'K')
            {
                throw new SemblanceException(
                    $"{path}: is no zip archive. Files saved by PyTorch before 1.6 are not read: load it there and torch.save its state_dict again.");
            }

            file.Position = 0;
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            return Read(archive, path);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new SemblanceException($"{path}: the zip archive is damaged or truncated; use another copy.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }

    private static PyTorchStateDict Read(ZipArchive archive, string path)
    {
        ZipArchiveEntry pickle = archive.Entries.FirstOrDefault(e => e.Name == "data.pkl" && e.FullName.Count(c => c == '/') <= 1)
            ?? throw new SemblanceException($"{path}: holds no data.pkl, so it is no file of torch.save.");
        string root = pickle.FullName[..^"data.pkl".Length];
        if (archive.GetEntry(root + "byteorder") is { Length: < 64 } order && Encoding.ASCII.GetString(Bytes(order, path)) == "big")
        {
            throw new SemblanceException($"{path}: was saved on a big-endian machine, which this program does not read.");
        }

        if (pickle.Length > MaxPickleLength)
        {
            throw new SemblanceException($"{path}: its pickle of {pickle.Length} bytes is too long for a state dict.");
        }

        object? top = new RestrictedUnpickler(Bytes(pickle, path), path).Load();
        IReadOnlyDictionary<object, object?> state = Unwrap(top, path);
        using var storages = new PyTorchStorages(archive, root, path);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var result = new PyTorchStateDict(tensors);
        try
        {
            bool parallel = state.Keys.All(k => k is string text && text.StartsWith("module.", StringComparison.Ordinal));
            foreach ((object key, object? value) in state)
            {
                if (key is not string name || value is not PickledTensor tensor)
                {
                    throw new SemblanceException($"{path}: entry '{key}' is no tensor; expected a state dict of tensors by name.");
                }

                tensors.Add(parallel ? name["module.".Length..] : name, storages.Build(tensor, name));
            }

            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static Dictionary<object, object?> Unwrap(object? top, string path)
    {
        for (int depth = 0; depth < MaxNesting && top is Dictionary<object, object?> dictionary; depth++)
        {
            if (dictionary.Count > 0 && dictionary.Values.All(v => v is PickledTensor))
            {
                return dictionary;
            }

            string? wrapper = s_wrappers.FirstOrDefault(w => dictionary.TryGetValue(w, out object? inner) && inner is Dictionary<object, object?>);
            if (wrapper is null)
            {
                break;
            }

            top = dictionary[wrapper];
        }

        throw new SemblanceException($"{path}: holds no state dict (tensors by name), alone or under {string.Join(", ", s_wrappers)}.");
    }

    private static byte[] Bytes(ZipArchiveEntry entry, string path)
    {
        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : throw new SemblanceException($"{path}: its entry {entry.FullName} is cut short; the file is damaged or truncated.");
    }
}

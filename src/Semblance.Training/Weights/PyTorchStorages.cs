using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>Reads the raw storages of a PyTorch archive, each at most once, and cuts tensors out of them.</summary>
internal sealed class PyTorchStorages : IDisposable
{
    // An expanded tensor (stride 0) takes more room than its storage; more than this is no weight.
    private const long MaxExpandedElements = 1L << 28;

    private readonly ZipArchive _archive;
    private readonly string _root;
    private readonly string _path;
    private readonly Dictionary<string, Tensor> _storages = new(StringComparer.Ordinal);

    public PyTorchStorages(ZipArchive archive, string root, string path) => (_archive, _root, _path) = (archive, root, path);

    /// <summary>A contiguous copy of one tensor, outside all dispose scopes.</summary>
    /// <param name="description">Where it lies.</param>
    /// <param name="name">Its key, for messages.</param>
    /// <exception cref="SemblanceException">It reaches outside its storage, or the storage is missing or cut.</exception>
    public Tensor Build(PickledTensor description, string name)
    {
        PickledStorage storage = description.Storage;
        long elements = 1;
        long last = description.Offset;
        bool valid = description.Size.Length == description.Stride.Length && description.Offset >= 0;
        try
        {
            for (int i = 0; i < description.Size.Length && valid; i++)
            {
                (long size, long stride) = (description.Size[i], description.Stride[i]);
                valid = size >= 0 && stride >= 0;
                elements = checked(elements * size);
                last = checked(last + (Math.Max(0, size - 1) * stride));
            }
        }
        catch (OverflowException)
        {
            valid = false;
        }

        if (!valid || (elements > 0 && last >= storage.Elements) || elements > Math.Max(storage.Elements, MaxExpandedElements))
        {
            throw new SemblanceException($"{_path}: tensor '{name}' reaches outside its storage; the file is damaged.");
        }

        if (elements == 0)
        {
            return zeros(description.Size, storage.Type).DetachFromDisposeScope();
        }

        using var scope = NewDisposeScope();
        return Storage(storage).as_strided(description.Size, description.Stride, description.Offset).clone().contiguous().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (Tensor storage in _storages.Values)
        {
            storage.Dispose();
        }
    }

    private Tensor Storage(PickledStorage storage)
    {
        if (_storages.TryGetValue(storage.Key, out Tensor? known))
        {
            return known.dtype == storage.Type && known.NumberOfElements == storage.Elements
                ? known
                : throw new SemblanceException($"{_path}: storage '{storage.Key}' is described in two ways; the file is damaged.");
        }

        ZipArchiveEntry entry = _archive.GetEntry($"{_root}data/{storage.Key}")
            ?? throw new SemblanceException($"{_path}: storage '{storage.Key}' is missing from the archive; the file is damaged or truncated.");

        // Held against the archive's own figure before memory is taken, so that a lie about the length costs nothing.
        if (storage.Elements != entry.Length / storage.Width || entry.Length % storage.Width != 0)
        {
            throw new SemblanceException(
                $"{_path}: storage '{storage.Key}' has {entry.Length} bytes, its description says {storage.Elements} × {storage.Width}; the file is damaged or truncated.");
        }

        Tensor tensor = empty(storage.Elements, storage.Type).DetachFromDisposeScope();
        try
        {
            using Stream stream = entry.Open();
            TensorBytes.Visit(tensor, (piece, _) =>
            {
                stream.ReadExactly(piece);
                if (storage.Type == ScalarType.Bool && TensorBytes.HoldsNonBooleans(piece))
                {
                    throw new SemblanceException($"{_path}: storage '{storage.Key}' holds values other than true and false; the file is damaged.");
                }
            });
        }
        catch
        {
            tensor.Dispose();
            throw;
        }

        _storages.Add(storage.Key, tensor);
        return tensor;
    }
}

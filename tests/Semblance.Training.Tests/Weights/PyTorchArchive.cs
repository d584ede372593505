using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Weights;

/// <summary>Writes zip archives as torch.save does: a pickle and raw storages.</summary>
internal static class PyTorchArchive
{
    /// <summary>An archive around a given pickle.</summary>
    public static void Write(string path, byte[] pickle, IReadOnlyDictionary<string, byte[]> storages, string root = "archive")
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add(archive, $"{root}/data.pkl", pickle);
        Add(archive, $"{root}/byteorder", "little"u8.ToArray());
        foreach ((string key, byte[] bytes) in storages)
        {
            Add(archive, $"{root}/data/{key}", bytes);
        }

        Add(archive, $"{root}/version", "3\n"u8.ToArray());
    }

    /// <summary>A state dict of contiguous float32 or int64 tensors, each with a storage of its own.</summary>
    public static void WriteStateDict(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var storages = new Dictionary<string, byte[]>();
        using var pickle = new MemoryStream();
        pickle.Write([0x80, 2]);
        Global(pickle, "collections", "OrderedDict");
        pickle.Write(")R("u8);
        foreach ((string name, Tensor tensor) in tensors)
        {
            string key = $"{storages.Count}";
            using Tensor plain = tensor.detach().contiguous();
            storages.Add(key, plain.bytes.ToArray());
            long[] strides = new long[tensor.shape.Length];
            long step = 1;
            for (int i = strides.Length - 1; i >= 0; i--)
            {
                strides[i] = step;
                step *= tensor.shape[i];
            }

            Text(pickle, name);
            TensorEntry(pickle, tensor.dtype == ScalarType.Int64 ? "LongStorage" : "FloatStorage", key, tensor.NumberOfElements, 0, tensor.shape, strides);
        }

        pickle.Write("u."u8);
        Write(path, pickle.ToArray(), storages);
    }

    /// <summary>A pickle of one dictionary with one tensor "x", described freely.</summary>
    public static byte[] OneTensor(string storage, string key, long elements, long offset, long[] size, long[] stride)
    {
        using var pickle = new MemoryStream();
        pickle.Write([0x80, 2]);
        pickle.Write("}("u8);
        Text(pickle, "x");
        TensorEntry(pickle, storage, key, elements, offset, size, stride);
        pickle.Write("u."u8);
        return pickle.ToArray();
    }

    private static void TensorEntry(MemoryStream pickle, string storage, string key, long elements, long offset, long[] size, long[] stride)
    {
        Global(pickle, "torch._utils", "_rebuild_tensor_v2");
        pickle.Write("(("u8);
        Text(pickle, "storage");
        Global(pickle, "torch", storage);
        Text(pickle, key);
        Text(pickle, "cpu");
        Number(pickle, elements);
        pickle.Write("tQ"u8);
        Number(pickle, offset);
        Tuple(pickle, size);
        Tuple(pickle, stride);
        pickle.WriteByte(0x89);
        Global(pickle, "collections", "OrderedDict");
        pickle.Write(")RtR"u8);
    }

    private static void Tuple(MemoryStream pickle, long[] values)
    {
        pickle.WriteByte((byte)'(');
        foreach (long value in values)
        {
            Number(pickle, value);
        }

        pickle.WriteByte((byte)'t');
    }

    private static void Number(MemoryStream pickle, long value)
    {
        Span<byte> bytes = stackalloc byte[10];
        (bytes[0], bytes[1]) = (0x8A, 8);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[2..], value);
        pickle.Write(bytes);
    }

    private static void Text(MemoryStream pickle, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)'X';
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], utf8.Length);
        pickle.Write(head);
        pickle.Write(utf8);
    }

    private static void Global(MemoryStream pickle, string module, string name) => pickle.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(bytes);
    }
}

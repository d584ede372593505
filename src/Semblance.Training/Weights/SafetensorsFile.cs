using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>
/// The safetensors format: eight bytes of header length (little-endian), a JSON header (name → dtype, shape, offsets; text metadata), then
/// the tensors' bytes without holes. Header and file size must agree to the byte, so a cut file is always found out, and nothing in such a
/// file can execute. Round trips are exact to the bit.
/// </summary>
public static class SafetensorsFile
{
    private const int PrefixLength = 8;
    private const int Alignment = 8;

    // The reference reader's limit.
    private const long MaxHeaderLength = 100_000_000;

    /// <summary>Writes tensors to a stream. For a file that is whole or absent, write through <see cref="Semblance.IO.AtomicFile"/>.</summary>
    /// <param name="stream">Where to; only written to, not closed.</param>
    /// <param name="tensors">Names and tensors of any device and strides: f64, f32, f16, bf16, i64, i32, i16, i8, u8, bool.</param>
    /// <param name="metadata">Text to keep beside them; may be empty.</param>
    /// <exception cref="SemblanceException">An element type has no name in the format, or two tensors share a name.</exception>
    public static void Write(Stream stream, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);

        // Wide elements first: then every tensor is aligned to its own width.
        KeyValuePair<string, Tensor>[] ordered = [.. tensors.OrderByDescending(t => t.Value.ElementSize)];
        byte[] header = Header(ordered, metadata);
        int padding = (Alignment - (header.Length % Alignment)) % Alignment;
        Span<byte> prefix = stackalloc byte[PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length + padding);
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("        "u8[..padding]);
        foreach ((string _, Tensor tensor) in ordered)
        {
            using Tensor plain = TensorBytes.ToContiguousCpu(tensor);
            TensorBytes.Visit(plain, (piece, _) => stream.Write(piece));
        }
    }

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">A safetensors file.</param>
    /// <returns>Tensors and metadata; the caller disposes of it.</returns>
    /// <exception cref="SemblanceException">The file is missing, damaged, truncated or no safetensors file.</exception>
    public static SafetensorsContent Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return Read(file, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static SafetensorsContent Read(SafeFileHandle file, string path)
    {
        long length = RandomAccess.GetLength(file);
        if (length < PrefixLength)
        {
            throw new SemblanceException($"{path}: is no safetensors file: {length} bytes are too few; the file is damaged or truncated.");
        }

        byte[] prefix = new byte[PrefixLength];
        ReadExactly(file, prefix, 0, path);
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerLength is < 2 or > MaxHeaderLength || headerLength > length - PrefixLength)
        {
            throw new SemblanceException(
                $"{path}: is no safetensors file, or damaged or truncated: it claims a header of {headerLength} bytes in a file of {length}.");
        }

        byte[] header = new byte[headerLength];
        ReadExactly(file, header, PrefixLength, path);
        long dataStart = PrefixLength + headerLength;
        (List<SafetensorsEntry> entries, Dictionary<string, string> metadata) = SafetensorsHeader.Parse(header, length - dataStart, path);

        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var content = new SafetensorsContent(tensors, metadata);
        try
        {
            foreach (SafetensorsEntry entry in entries)
            {
                Tensor tensor = empty(entry.Shape, entry.Type).DetachFromDisposeScope();
                tensors.Add(entry.Name, tensor);
                TensorBytes.Visit(tensor, (piece, offset) =>
                {
                    ReadExactly(file, piece, dataStart + entry.Begin + offset, path);
                    if (entry.Type == ScalarType.Bool && TensorBytes.HoldsNonBooleans(piece))
                    {
                        throw new SemblanceException($"{path}: tensor '{entry.Name}' holds values other than true and false; the file is damaged.");
                    }
                });
            }

            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> target, long offset, string path)
    {
        while (target.Length > 0)
        {
            int read = RandomAccess.Read(file, target, offset);
            if (read == 0)
            {
                throw new SemblanceException($"{path}: ends at byte {offset}, too early; the file is damaged or truncated.");
            }

            target = target[read..];
            offset += read;
        }
    }

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long position = 0;
            var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
            foreach ((string name, Tensor tensor) in tensors)
            {
                if (!names.Add(name))
                {
                    throw new SemblanceException($"two tensors cannot both be saved as '{name}'.");
                }

                long end = position + (tensor.NumberOfElements * tensor.ElementSize);
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsDtype.NameOf(tensor.dtype, name));
                json.WriteStartArray("shape");
                foreach (long dimension in tensor.shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(position);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                position = end;
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

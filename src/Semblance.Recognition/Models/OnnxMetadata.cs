using System.Text;

namespace Semblance.Recognition.Models;

/// <summary>
/// Reads the metadata of an ONNX file (onnx.proto3: ModelProto, field 14, entries of key and value) straight from the protobuf wire format,
/// seeking past the graph: a 250 MB model costs a few reads.
/// </summary>
internal static class OnnxMetadata
{
    private const int IrVersionField = 1;
    private const int GraphField = 7;
    private const int MetadataField = 14;
    private const int LongestEntry = 1 << 20;
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    /// <summary>All metadata entries.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX model.</exception>
    public static Dictionary<string, string> Read(Stream stream)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        bool hasVersion = false, hasGraph = false;
        while (stream.Position < stream.Length)
        {
            (int field, int wire) = ReadTag(stream);
            if (wire == LengthDelimited)
            {
                long length = ReadLength(stream);
                hasGraph |= field == GraphField;
                if (field == MetadataField)
                {
                    ReadEntry(stream, length, entries);
                }
                else
                {
                    stream.Seek(length, SeekOrigin.Current);
                }
            }
            else
            {
                hasVersion |= field == IrVersionField && wire == Varint;
                SkipScalar(stream, wire);
            }
        }

        return hasVersion && hasGraph ? entries : throw new InvalidDataException("it holds no graph.");
    }

    private static void ReadEntry(Stream stream, long length, Dictionary<string, string> entries)
    {
        if (length > LongestEntry)
        {
            throw new InvalidDataException($"a metadata entry claims {length} bytes.");
        }

        long end = stream.Position + length;
        string key = "", value = "";
        while (stream.Position < end)
        {
            (int field, int wire) = ReadTag(stream);
            if (wire != LengthDelimited)
            {
                SkipScalar(stream, wire);
                continue;
            }

            byte[] text = new byte[Math.Min(ReadLength(stream), end - stream.Position)];
            stream.ReadExactly(text);
            if (field == 1)
            {
                key = Encoding.UTF8.GetString(text);
            }
            else if (field == 2)
            {
                value = Encoding.UTF8.GetString(text);
            }
        }

        entries[key] = value;
    }

    private static (int Field, int Wire) ReadTag(Stream stream)
    {
        ulong tag = ReadVarint(stream);
        int wire = (int)(tag & 7);
        return tag >> 3 is > 0 and < 1 << 29 && wire is Varint or Fixed64 or LengthDelimited or Fixed32
            ? ((int)(tag >> 3), wire)
            : throw new InvalidDataException($"byte {stream.Position} is no field of a model.");
    }

    private static long ReadLength(Stream stream)
    {
        ulong length = ReadVarint(stream);
        return length <= (ulong)(stream.Length - stream.Position)
            ? (long)length
            : throw new InvalidDataException($"the field before byte {stream.Position} reaches past the end of the file.");
    }

    private static void SkipScalar(Stream stream, int wire)
    {
        if (wire == Varint)
        {
            ReadVarint(stream);
            return;
        }

        int bytes = wire == Fixed64 ? 8 : 4;
        if (stream.Length - stream.Position < bytes)
        {
            throw new InvalidDataException("it ends inside a field.");
        }

        stream.Seek(bytes, SeekOrigin.Current);
    }

    private static ulong ReadVarint(Stream stream)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = stream.ReadByte();
            if (next < 0)
            {
                throw new InvalidDataException("it ends inside a field.");
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"byte {stream.Position} is no field of a model.");
    }
}

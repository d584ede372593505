using System.Buffers.Binary;
using System.Numerics;

namespace Semblance.Galleries.Sqlite;

/// <summary>Embeddings as bytes: little-endian float32, then their CRC-32C, so that a damaged page is found instead of matched.</summary>
internal static class EmbeddingBlob
{
    private const int ChecksumBytes = 4;

    public static byte[] Write(ReadOnlySpan<float> embedding)
    {
        byte[] blob = new byte[(embedding.Length * sizeof(float)) + ChecksumBytes];
        for (int i = 0; i < embedding.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(blob.AsSpan(i * sizeof(float)), embedding[i]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(embedding.Length * sizeof(float)), Checksum(blob.AsSpan(0, embedding.Length * sizeof(float))));
        return blob;
    }

    /// <summary>The embedding, or null where length or checksum do not fit.</summary>
    public static float[]? Read(ReadOnlySpan<byte> blob, int size)
    {
        int length = size * sizeof(float);
        if (blob.Length != length + ChecksumBytes || BinaryPrimitives.ReadUInt32LittleEndian(blob[length..]) != Checksum(blob[..length]))
        {
            return null;
        }

        float[] embedding = new float[size];
        for (int i = 0; i < size; i++)
        {
            embedding[i] = BinaryPrimitives.ReadSingleLittleEndian(blob[(i * sizeof(float))..]);
        }

        return embedding;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        }

        return ~crc;
    }
}

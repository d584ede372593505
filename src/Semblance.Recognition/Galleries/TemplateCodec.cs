using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Semblance.Recognition.Galleries;

/// <summary>
/// Templates as the bytes that stores keep. In the clear: little-endian float32, then their CRC-32C. Encrypted (AES-256-GCM): a version byte,
/// the key's id (8 bytes), a random nonce (12), the float32 encrypted, the tag (16); bound to the subject's name and the image's digest, so that
/// bytes moved to another subject or image are refused. The lengths tell the two apart. Safe to use from several threads.
/// </summary>
/// <param name="embeddingSize">Floats in an embedding.</param>
/// <param name="keys">The keys at hand; null for none.</param>
/// <param name="gallery">The gallery's name, for messages.</param>
public sealed class TemplateCodec(int embeddingSize, TemplateKeyRing? keys, string gallery)
{
    private const byte Version = 1;
    private const int ChecksumBytes = 4;
    private const int NonceAt = 9;
    private const int NonceBytes = 12;
    private const int SealedAt = NonceAt + NonceBytes;
    private const int TagBytes = 16;

    private int FloatBytes => embeddingSize * sizeof(float);

    /// <summary>Bytes of a template in the clear.</summary>
    public int ClearBytes => FloatBytes + ChecksumBytes;

    /// <summary>Bytes of an encrypted template.</summary>
    public int EncryptedBytes => SealedAt + FloatBytes + TagBytes;

    /// <summary>Writes a template.</summary>
    /// <param name="subject">The subject's name.</param>
    /// <param name="digest">The image's digest.</param>
    /// <param name="embedding">The embedding.</param>
    /// <param name="keyId">The key to encrypt with; null to write in the clear.</param>
    /// <exception cref="SemblanceException">The key is not at hand.</exception>
    public byte[] Write(string subject, ReadOnlySpan<byte> digest, ReadOnlySpan<float> embedding, string? keyId)
    {
        if (embedding.Length != embeddingSize)
        {
            throw new ArgumentException($"The embedding has {embedding.Length} floats, {embeddingSize} expected.", nameof(embedding));
        }

        byte[] floats = new byte[keyId is null ? ClearBytes : FloatBytes];
        for (int i = 0; i < embedding.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(i * sizeof(float)), embedding[i]);
        }

        if (keyId is null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(floats.AsSpan(FloatBytes), Checksum(floats.AsSpan(0, FloatBytes)));
            return floats;
        }

        ulong id = Convert.ToUInt64(keyId, 16);
        byte[] key = keys?.Find(id) ?? throw TemplateEncryption.MissingKey(keyId, keys, gallery);
        byte[] blob = new byte[EncryptedBytes];
        blob[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(blob.AsSpan(1), id);
        Span<byte> nonce = blob.AsSpan(NonceAt, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, floats, blob.AsSpan(SealedAt, FloatBytes), blob.AsSpan(SealedAt + FloatBytes), Bound(subject, digest));
        CryptographicOperations.ZeroMemory(floats);
        return blob;
    }

    /// <summary>Reads a template, encrypted or in the clear.</summary>
    /// <param name="id">The template's number, for messages.</param>
    /// <param name="subject">The subject's name.</param>
    /// <param name="digest">The image's digest.</param>
    /// <param name="blob">The bytes.</param>
    /// <exception cref="SemblanceException">The bytes are damaged or another template's, or their key is not at hand.</exception>
    public float[] Read(long id, string subject, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> blob)
    {
        if (KeyOf(blob) is { } keyId)
        {
            byte[] key = keys?.Find(Convert.ToUInt64(keyId, 16)) ?? throw TemplateEncryption.MissingKey(keyId, keys, gallery);
            byte[] floats = new byte[FloatBytes];
            try
            {
                using var aes = new AesGcm(key, TagBytes);
                aes.Decrypt(blob.Slice(NonceAt, NonceBytes), blob.Slice(SealedAt, FloatBytes), blob[(SealedAt + FloatBytes)..], floats, Bound(subject, digest));
                return Floats(floats);
            }
            catch (AuthenticationTagMismatchException e)
            {
                throw new SemblanceException(
                    $"gallery {gallery} is damaged: template {id} of '{subject}' cannot be decrypted: its bytes were changed, or belong to another; remove the subject and enrol it again.", e);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(floats);
            }
        }

        if (blob.Length != ClearBytes || BinaryPrimitives.ReadUInt32LittleEndian(blob[FloatBytes..]) != Checksum(blob[..FloatBytes]))
        {
            throw new SemblanceException($"gallery {gallery} is damaged: template {id} of '{subject}' fails its checksum; remove the subject and enrol it again.");
        }

        return Floats(blob);
    }

    /// <summary>The id of the key that bytes were encrypted with; null where they are not.</summary>
    /// <param name="blob">A template's bytes.</param>
    public string? KeyOf(ReadOnlySpan<byte> blob) =>
        blob.Length == EncryptedBytes && blob[0] == Version ? TemplateKeyRing.IdText(BinaryPrimitives.ReadUInt64BigEndian(blob[1..])) : null;

    private float[] Floats(ReadOnlySpan<byte> bytes)
    {
        float[] embedding = new float[embeddingSize];
        for (int i = 0; i < embedding.Length; i++)
        {
            embedding[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return embedding;
    }

    private static byte[] Bound(string subject, ReadOnlySpan<byte> digest)
    {
        // Digests are all of one length, so name and digest cannot run into each other.
        ReadOnlySpan<byte> label = "semblance template\0"u8;
        byte[] bound = new byte[label.Length + 1 + digest.Length + Encoding.UTF8.GetByteCount(subject)];
        label.CopyTo(bound);
        bound[label.Length] = Version;
        digest.CopyTo(bound.AsSpan(label.Length + 1));
        Encoding.UTF8.GetBytes(subject, bound.AsSpan(label.Length + 1 + digest.Length));
        return bound;
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

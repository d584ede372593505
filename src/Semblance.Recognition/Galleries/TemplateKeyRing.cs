using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Semblance.Recognition.Galleries;

/// <summary>
/// The keys that templates are encrypted with (AES-256): the first encrypts, all decrypt, so that a key is changed by putting the new one
/// in front. Immutable. A key is named by its id, which tells nothing of it; the bytes are never printed.
/// </summary>
public sealed class TemplateKeyRing
{
    /// <summary>Bytes in a key.</summary>
    public const int KeyBytes = 32;

    /// <summary>The environment variable that <see cref="FromEnvironment"/> reads.</summary>
    public const string EnvironmentVariable = "SEMBLANCE_GALLERY_KEYS";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly (ulong Id, byte[] Bytes)[] _keys;

    private TemplateKeyRing((ulong Id, byte[] Bytes)[] keys) => _keys = keys;

    /// <summary>The id of the key that encrypts: 16 hex digits.</summary>
    public string FirstId => IdText(_keys[0].Id);

    /// <summary>The ids of all keys, the encrypting one first.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Select(key => IdText(key.Id))];

    /// <summary>A ring of keys at hand.</summary>
    /// <param name="keys">32 bytes each, at least one; the first encrypts. They are copied.</param>
    /// <exception cref="ArgumentException">There is no key, or one has another length.</exception>
    public static TemplateKeyRing Of(params ReadOnlySpan<byte[]> keys)
    {
        if (keys.IsEmpty)
        {
            throw new ArgumentException("A key ring needs a key.", nameof(keys));
        }

        var ring = new List<(ulong Id, byte[] Bytes)>(keys.Length);
        foreach (byte[] key in keys)
        {
            if (key.Length != KeyBytes)
            {
                throw new ArgumentException($"A key has {key.Length} bytes, {KeyBytes} expected.", nameof(keys));
            }

            ulong id = IdOf(key);
            if (ring.TrueForAll(k => k.Id != id))
            {
                ring.Add((id, [.. key]));
            }
        }

        return new TemplateKeyRing([.. ring]);
    }

    /// <summary>Puts a new random key in front of those of a key file; makes the file, readable by its owner only, where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The file's keys, the new one first.</returns>
    /// <exception cref="SemblanceException">The file holds something else, can be read by others, or cannot be written.</exception>
    public static TemplateKeyRing AddTo(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string others = "";
        if (File.Exists(path))
        {
            FromFile(path);
            others = File.ReadAllText(path);
        }

        string text = $"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))}\n{others}";
        IO.AtomicFile.WriteText(path, text, ownerOnly: true);
        return Parse(text, $"key file {path}");
    }

    /// <summary>Reads keys: one per line (or separated by commas), each 32 bytes in hex or base64. Empty lines and lines that begin with # are passed over.</summary>
    /// <param name="text">The keys.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="SemblanceException">A line is no key, or there is none. The message gives the line's number, never its text.</exception>
    public static TemplateKeyRing Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var keys = new List<byte[]>();
        string[] lines = text.Split(['\n', ',']);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length > 0 && line[0] != '#')
            {
                keys.Add(Decode(line) ?? throw new SemblanceException(
                    $"{source}, key {i + 1}: is no key; expected {KeyBytes} bytes as {2 * KeyBytes} hex digits or in base64, as 'openssl rand -base64 {KeyBytes}' makes."));
            }
        }

        return keys.Count > 0
            ? Of([.. keys])
            : throw new SemblanceException($"{source} holds no key; expected one per line, {KeyBytes} bytes in hex or base64.");
    }

    /// <summary>Reads keys from a file, see <see cref="Parse"/>. Others than its owner must not be able to read it (where the system has Unix modes).</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">The file cannot be read, can be read by others, or holds something else.</exception>
    public static TemplateKeyRing FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text;
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0)
            {
                throw new SemblanceException($"key file {path} can be read or written by others; run 'chmod 600 {path}' (and change the keys if others have had a look).");
            }

            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"key file {path} cannot be read: {e.Message}", e);
        }

        return Parse(text, $"key file {path}");
    }

    /// <summary>Reads the keys of environment variable <see cref="EnvironmentVariable"/>; null where it is not set or empty.</summary>
    /// <exception cref="SemblanceException">The variable holds something else.</exception>
    public static TemplateKeyRing? FromEnvironment() =>
        Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } text ? Parse(text, EnvironmentVariable) : null;

    /// <summary>Whether the ring has a key.</summary>
    /// <param name="id">The key's id.</param>
    public bool Contains(string id) => Array.Exists(_keys, key => IdText(key.Id) == id);

    /// <summary>This ring with another's keys behind its own.</summary>
    /// <param name="other">The other ring; null for none.</param>
    public TemplateKeyRing With(TemplateKeyRing? other) => other is null ? this : Of([.. _keys.Concat(other._keys).Select(key => key.Bytes)]);

    /// <summary>The ids, never the keys.</summary>
    public override string ToString() => string.Join(", ", Ids);

    internal static string IdText(ulong id) => id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    internal byte[]? Find(ulong id)
    {
        foreach ((ulong own, byte[] bytes) in _keys)
        {
            if (own == id)
            {
                return bytes;
            }
        }

        return null;
    }

    private static ulong IdOf(byte[] key)
    {
        // The label keeps the id apart from any other hash that someone takes of the key.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. "semblance template key id\0"u8, .. key], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private static byte[]? Decode(string text)
    {
        Span<byte> key = stackalloc byte[KeyBytes + 3];
        if (text.Length == 2 * KeyBytes && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        return Convert.TryFromBase64String(text, key, out int written) && written == KeyBytes ? key[..written].ToArray() : null;
    }
}

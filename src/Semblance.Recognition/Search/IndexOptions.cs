using System.Globalization;

namespace Semblance.Recognition.Search;

/// <summary>The options within an index description, read one by one; what nobody reads is a mistake of the user.</summary>
internal sealed class IndexOptions
{
    private readonly string _description;
    private readonly Dictionary<string, string> _unread = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    public IndexOptions(string description, ReadOnlySpan<string> parts)
    {
        _description = description;
        foreach (string part in parts)
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !_unread.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                throw new UsageException($"Index '{description}': '{part}' is no option; each is written once as key=value, for example hnsw,m=32,ef=128.");
            }
        }
    }

    /// <summary>Reads a whole number, or the default where it is not given.</summary>
    public int Number(string key, int otherwise, int least, int most)
    {
        _known.Add(key);
        if (!_unread.Remove(key, out string? text))
        {
            return otherwise;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < least || value > most)
        {
            throw new UsageException($"Index '{_description}': {key} is {text}; a whole number from {least} to {most} is expected.");
        }

        return value;
    }

    /// <summary>Which of an option's two names is written; the first where neither is. Both together are refused, by <see cref="RequireAllRead"/>.</summary>
    public string Written(string key, string longer) => _unread.ContainsKey(longer) && !_unread.ContainsKey(key) ? longer : key;

    public void RequireAllRead()
    {
        if (_unread.Count > 0)
        {
            string has = _known.Count == 0 ? "this kind has no options" : $"this kind has {string.Join(", ", _known)}";
            throw new UsageException($"Index '{_description}': there is no option '{_unread.Keys.First()}'; {has}.");
        }
    }
}

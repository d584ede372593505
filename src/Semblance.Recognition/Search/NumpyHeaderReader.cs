using System.Globalization;

namespace Semblance.Recognition.Search;

/// <summary>Reads the dictionary in a .npy header: of all Python only what such a dictionary can hold.</summary>
internal sealed class NumpyHeaderReader(string text)
{
    private const int MostAxes = 32;
    private const char End = '\uffff';

    private int _at;

    /// <summary>Reads it; nothing but blanks may follow.</summary>
    /// <exception cref="FormatException">It is written otherwise.</exception>
    public (string Element, bool FortranOrder, IReadOnlyList<long> Shape) Dictionary()
    {
        string? element = null;
        bool? fortranOrder = null;
        List<long>? shape = null;
        Expect('{');
        while (!Take('}'))
        {
            string key = Text();
            Expect(':');
            switch (key)
            {
                case "descr" when element is null:
                    element = Next() == '[' ? throw new FormatException("records cannot be searched; a matrix of float16, float32 or float64 is expected.") : Text();
                    break;
                case "fortran_order" when fortranOrder is null:
                    fortranOrder = Truth();
                    break;
                case "shape" when shape is null:
                    shape = Shape();
                    break;
                default:
                    throw Bad($"the key '{key}' is unknown or there twice");
            }

            if (!Take(','))
            {
                Expect('}');
                break;
            }
        }

        if (Next() != End || element is null || fortranOrder is null || shape is null)
        {
            throw Bad("descr, fortran_order and shape are expected and nothing else");
        }

        return (element, fortranOrder.Value, shape);
    }

    private static FormatException Bad(string why) => new($"the .npy header cannot be understood: {why}.");

    private List<long> Shape()
    {
        var shape = new List<long>();
        Expect('(');
        while (!Take(')'))
        {
            shape.Add(Number());
            if (shape.Count > MostAxes)
            {
                throw Bad("it has too many axes");
            }

            if (!Take(','))
            {
                Expect(')');
                break;
            }
        }

        return shape;
    }

    private long Number()
    {
        _ = Next();
        int from = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        return long.TryParse(text.AsSpan(from, _at - from), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Bad($"a whole number is expected at character {from}");
    }

    private bool Truth()
    {
        _ = Next();
        foreach ((string name, bool value) in new[] { ("True", true), ("False", false) })
        {
            if (text.AsSpan(_at).StartsWith(name, StringComparison.Ordinal))
            {
                _at += name.Length;
                return value;
            }
        }

        throw Bad("fortran_order is neither True nor False");
    }

    private string Text()
    {
        char quote = Next();
        int end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
        if (end < 0)
        {
            throw Bad($"a name in quotes is expected at character {_at}");
        }

        string value = text[(_at + 1)..end];
        _at = end + 1;
        return value;
    }

    private void Expect(char wanted)
    {
        if (!Take(wanted))
        {
            throw Bad($"'{wanted}' is expected at character {_at}");
        }
    }

    private bool Take(char wanted)
    {
        bool there = Next() == wanted;
        _at += there ? 1 : 0;
        return there;
    }

    /// <summary>The next character that is no blank, or a mark at the end; stays before it.</summary>
    private char Next()
    {
        while (_at < text.Length && (text[_at] is ' ' or '\n' or '\t'))
        {
            _at++;
        }

        return _at < text.Length ? text[_at] : End;
    }
}

using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>
/// Reads the pickles of state dicts. A pickle is a program for a stack machine that may call any function of Python; this machine knows only
/// the instructions a state dict needs and five callables, all of which build plain data, so nothing in a file can execute.
/// Not a general pickle reader: whatever is outside that set is refused by name.
/// </summary>
internal sealed class RestrictedUnpickler
{
    private const int HighestProtocol = 5;

    private static readonly Dictionary<string, (ScalarType Type, int Width)> s_storages = new(StringComparer.Ordinal)
    {
        ["DoubleStorage"] = (ScalarType.Float64, 8),
        ["FloatStorage"] = (ScalarType.Float32, 4),
        ["HalfStorage"] = (ScalarType.Float16, 2),
        ["BFloat16Storage"] = (ScalarType.BFloat16, 2),
        ["LongStorage"] = (ScalarType.Int64, 8),
        ["IntStorage"] = (ScalarType.Int32, 4),
        ["ShortStorage"] = (ScalarType.Int16, 2),
        ["CharStorage"] = (ScalarType.Int8, 1),
        ["ByteStorage"] = (ScalarType.Byte, 1),
        ["BoolStorage"] = (ScalarType.Bool, 1),
    };

    private static readonly object s_mark = new();

    private readonly byte[] _bytes;
    private readonly string _path;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;

    /// <summary>Prepares to read.</summary>
    /// <param name="bytes">The pickle.</param>
    /// <param name="path">The file's name, for messages.</param>
    public RestrictedUnpickler(byte[] bytes, string path) => (_bytes, _path) = (bytes, path);

    private enum Callable
    {
        OrderedDict,
        RebuildTensor,
        RebuildParameter,
    }

    private sealed record StorageType(ScalarType Type, int Width);

    /// <summary>Runs the pickle and returns what it leaves: dictionaries, lists, tuples (arrays), numbers, text, <see cref="PickledTensor"/>s.</summary>
    /// <exception cref="SemblanceException">The pickle is damaged or asks for something outside the permitted set.</exception>
    public object? Load()
    {
        try
        {
            while (true)
            {
                int opcode = Byte();
                if (opcode == '.')
                {
                    return Pop();
                }

                Execute(opcode);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or IndexOutOfRangeException or KeyNotFoundException
            or NullReferenceException or OverflowException or InvalidDataException)
        {
            throw new SemblanceException($"{_path}: its pickle makes no sense at byte {_position}; the file is damaged or no state dict.", e);
        }
    }

    private void Execute(int opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                int protocol = Byte();
                if (protocol > HighestProtocol)
                {
                    throw new SemblanceException($"{_path}: its pickle has protocol {protocol}; this program reads up to {HighestProtocol}.");
                }

                break;
            case 0x95: // FRAME: only says how much may be read at once
                Take(8);
                break;
            case '(':
                _stack.Add(s_mark);
                break;
            case 'N':
                _stack.Add(null);
                break;
            case 0x88: // NEWTRUE
                _stack.Add(true);
                break;
            case 0x89: // NEWFALSE
                _stack.Add(false);
                break;
            case 'K':
                _stack.Add((long)Byte());
                break;
            case 'M':
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case 'J':
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case 0x8A: // LONG1
                _stack.Add(Long(Take(Byte())));
                break;
            case 'G':
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case 'X':
                _stack.Add(Text(Length32()));
                break;
            case 0x8C: // SHORT_BINUNICODE
                _stack.Add(Text(Byte()));
                break;
            case 'U': // SHORT_BINSTRING, written by Python 2
                _stack.Add(Text(Byte()));
                break;
            case '}':
                _stack.Add(new Dictionary<object, object?>());
                break;
            case ']':
                _stack.Add(new List<object?>());
                break;
            case ')':
                _stack.Add(Array.Empty<object?>());
                break;
            case 't':
                object?[] tuple = PopToMark();
                _stack.Add(tuple);
                break;
            case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                object?[] few = PopMany(opcode - 0x84);
                _stack.Add(few);
                break;
            case 'a':
                object? item = Pop();
                ((List<object?>)_stack[^1]!).Add(item);
                break;
            case 'e':
                object?[] items = PopToMark();
                ((List<object?>)_stack[^1]!).AddRange(items);
                break;
            case 's':
                object?[] pair = PopMany(2);
                ((Dictionary<object, object?>)_stack[^1]!)[pair[0]!] = pair[1];
                break;
            case 'u':
                SetItems(PopToMark());
                break;
            case 'q':
                _memo[Byte()] = _stack[^1];
                break;
            case 'r':
                _memo[Length32()] = _stack[^1];
                break;
            case 0x94: // MEMOIZE
                _memo[_memo.Count] = _stack[^1];
                break;
            case 'h':
                _stack.Add(_memo[Byte()]);
                break;
            case 'j':
                _stack.Add(_memo[Length32()]);
                break;
            case 'c':
                string module = Line();
                _stack.Add(Global(module, Line()));
                break;
            case 0x93: // STACK_GLOBAL
                object?[] names = PopMany(2);
                _stack.Add(Global((string)names[0]!, (string)names[1]!));
                break;
            case 'Q':
                _stack.Add(Storage((object?[])Pop()!));
                break;
            case 'R':
                object?[] call = PopMany(2);
                _stack.Add(Call((Callable)call[0]!, (object?[])call[1]!));
                break;
            case 'b': // BUILD: an ordered dictionary's attributes, such as _metadata, are of no use here
                Pop();
                _ = (Dictionary<object, object?>)_stack[^1]!;
                break;
            default:
                throw new SemblanceException(
                    $"{_path}: its pickle uses instruction 0x{opcode:X2} at byte {_position - 1}, which no state dict needs; refused. Save the module's state_dict() alone.");
        }
    }

    private object Global(string module, string name)
    {
        if (module == "torch" && s_storages.TryGetValue(name, out (ScalarType Type, int Width) storage))
        {
            return new StorageType(storage.Type, storage.Width);
        }

        return (module, name) switch
        {
            ("collections", "OrderedDict") => Callable.OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2") => Callable.RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Callable.RebuildParameter,
            _ => throw new SemblanceException(
                $"{_path}: its pickle asks for '{module}.{name}', which a state dict of tensors does not need; refused. Save the module's state_dict() alone."),
        };
    }

    private static object Call(Callable callable, object?[] arguments)
    {
        switch (callable)
        {
            case Callable.OrderedDict when arguments.Length == 0:
                return new Dictionary<object, object?>();
            case Callable.OrderedDict:
                // Old protocols pass the items as a list of pairs.
                var dictionary = new Dictionary<object, object?>();
                foreach (object? item in (List<object?>)arguments[0]!)
                {
                    var (key, value) = item is List<object?> list ? (list[0], list[1]) : (((object?[])item!)[0], ((object?[])item!)[1]);
                    dictionary[key!] = value;
                }

                return dictionary;
            case Callable.RebuildTensor:
                return new PickledTensor((PickledStorage)arguments[0]!, (long)arguments[1]!, Numbers(arguments[2]), Numbers(arguments[3]));
            default:
                return (PickledTensor)arguments[0]!;
        }
    }

    private static PickledStorage Storage(object?[] id)
    {
        if (id is not ["storage", StorageType type, string key, _, long elements, ..])
        {
            throw new InvalidDataException("A persistent identifier is no storage.");
        }

        return new PickledStorage(type.Type, type.Width, key, elements);
    }

    private static long[] Numbers(object? tuple) => [.. ((object?[])tuple!).Select(n => (long)n!)];

    private void SetItems(object?[] items)
    {
        var target = (Dictionary<object, object?>)_stack[^1]!;
        for (int i = 0; i < items.Length; i += 2)
        {
            target[items[i]!] = items[i + 1];
        }
    }

    private object? Pop()
    {
        object? top = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] PopMany(int count)
    {
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(s_mark);
        object?[] items = [.. _stack[(mark + 1)..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private int Byte() => Take(1)[0];

    private int Length32() => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _bytes.AsSpan(_position, count);
        _position += count;
        return taken;
    }

    private string Text(int length) => Encoding.UTF8.GetString(Take(length));

    private string Line()
    {
        int length = _bytes.AsSpan(_position).IndexOf((byte)'\n');
        string line = Text(length);
        _position++;
        return line;
    }

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
        {
            throw new InvalidDataException("A number has more than 64 bits.");
        }

        long value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            value |= (long)bytes[i] << (8 * i);
        }

        // Two's complement of its own length: spread the sign.
        int unused = 64 - (8 * bytes.Length);
        return bytes.Length == 0 ? 0 : value << unused >> unused;
    }
}

using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Semblance.Training.Configuration;

/// <summary>
/// Binds a YAML tree to records, strictly: an unknown key is named with the nearest known one, a wrong type with the type expected and
/// the line. YamlDotNet's own binding reports neither in words that a user could act on.
/// </summary>
internal sealed class YamlBinder(string source)
{
    /// <summary>The snake_case key of a property.</summary>
    public static string KeyOf(string property)
    {
        var key = new StringBuilder();
        foreach (char c in property)
        {
            if (char.IsUpper(c) && key.Length > 0)
            {
                key.Append('_');
            }

            key.Append(char.ToLowerInvariant(c));
        }

        return key.ToString();
    }

    /// <summary>The bindable properties of a record by key.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> KeysOf(Type record) =>
        record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .ToDictionary(property => KeyOf(property.Name), property => property, StringComparer.Ordinal);

    /// <summary>Binds a node to a type.</summary>
    /// <param name="node">The node.</param>
    /// <param name="type">The property's type.</param>
    /// <param name="path">The key path so far, for messages.</param>
    public object? Bind(YamlNode node, Type type, string path)
    {
        if (type == typeof(IReadOnlyDictionary<string, object?>))
        {
            return BindFree(Mapping(node, path), path);
        }

        if (type == typeof(ComponentConfig))
        {
            return BindComponent(node, path);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return BindList(node, type.GetGenericArguments()[0], path);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return node is YamlScalarNode { Value: "" or "null" or "~" } ? null : Bind(node, underlying, path);
        }

        if (type == typeof(string) || type.IsPrimitive || type.IsEnum)
        {
            return node is YamlScalarNode scalar
                ? ParseScalar(scalar.Value ?? "", type, path, node)
                : throw Wrong(node, path, Expected(type), node is YamlMappingNode ? "a mapping" : "a list");
        }

        return BindRecord(Mapping(node, path), type, path);
    }

    private object BindRecord(YamlMappingNode mapping, Type type, string path)
    {
        object record = Activator.CreateInstance(type)!;
        IReadOnlyDictionary<string, PropertyInfo> keys = KeysOf(type);
        foreach ((YamlNode keyNode, YamlNode value) in mapping.Children)
        {
            string key = ((YamlScalarNode)keyNode).Value ?? "";
            if (!keys.TryGetValue(key, out PropertyInfo? property))
            {
                throw new UsageException($"{Place(keyNode)}: unknown key '{Join(path, key)}'; {NameSuggestion.Sentence(key, [.. keys.Keys])}");
            }

            property.SetValue(record, Bind(value, property.PropertyType, Join(path, key)));
        }

        return record;
    }

    private IList BindList(YamlNode node, Type element, string path)
    {
        if (node is not YamlSequenceNode sequence)
        {
            throw Wrong(node, path, "a list", node is YamlScalarNode scalar ? $"'{scalar.Value}'" : "a mapping");
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        for (int i = 0; i < sequence.Children.Count; i++)
        {
            list.Add(Bind(sequence.Children[i], element, $"{path}.{i}"));
        }

        return list;
    }

    private Dictionary<string, object?> BindFree(YamlMappingNode mapping, string path)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = ((YamlScalarNode)key).Value ?? "";
            values[name] = Free(value, Join(path, name));
        }

        return values;
    }

    // What a part of the program checks later by its own rules: words, numbers, lists and mappings of them.
    private object Free(YamlNode node, string path) => node switch
    {
        YamlScalarNode scalar => Guess(scalar),
        YamlMappingNode mapping => BindFree(mapping, path),
        YamlSequenceNode list => list.Children.Select((child, index) => Free(child, $"{path}.{index}")).ToList(),
        _ => throw Wrong(node, path, "a word, a number, a list or a mapping", "something else"),
    };

    // A name alone, or a mapping of it and the part's own parameters.
    private ComponentConfig BindComponent(YamlNode node, string path)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } alone })
        {
            return new ComponentConfig(alone);
        }

        Dictionary<string, object?> values = node is YamlMappingNode mapping
            ? BindFree(mapping, path)
            : throw Wrong(node, path, "a name, or a mapping of name and parameters", node is YamlScalarNode ? "empty" : "a list");
        return values.Remove(ComponentConfig.NameKey, out object? name) && name is string { Length: > 0 } named
            ? new ComponentConfig(named) { Parameters = values }
            : throw Wrong(node, Join(path, ComponentConfig.NameKey), "a name beside the parameters", name is null ? "missing" : $"'{name}'");
    }

    private YamlMappingNode Mapping(YamlNode node, string path) => node as YamlMappingNode
        ?? throw Wrong(node, path, "a mapping of keys", node is YamlScalarNode scalar ? $"'{scalar.Value}'" : "a list");

    private object ParseScalar(string text, Type type, string path, YamlNode node)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(string))
        {
            return text;
        }

        if (type.IsEnum)
        {
            foreach (object value in Enum.GetValues(type))
            {
                if (KeyOf(value.ToString()!) == text)
                {
                    return value;
                }
            }

            string[] names = [.. Enum.GetNames(type).Select(KeyOf)];
            throw Wrong(node, path, $"one of {string.Join(", ", names)}", $"'{text}'");
        }

        return type switch
        {
            _ when type == typeof(bool) && bool.TryParse(text, out bool flag) => flag,
            _ when type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int whole) => whole,
            _ when type == typeof(ulong) && ulong.TryParse(text, NumberStyles.None, culture, out ulong large) => large,
            _ when type == typeof(double) && double.TryParse(text, NumberStyles.Float, culture, out double real) && double.IsFinite(real) => real,
            _ when type == typeof(float) && float.TryParse(text, NumberStyles.Float, culture, out float single) && float.IsFinite(single) => single,
            _ => throw Wrong(node, path, Expected(type), $"'{text}'"),
        };
    }

    private static object Guess(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style is YamlDotNet.Core.ScalarStyle.SingleQuoted or YamlDotNet.Core.ScalarStyle.DoubleQuoted)
        {
            return text;
        }

        return bool.TryParse(text, out bool flag) ? flag
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real
            : text;
    }

    private static string Expected(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(ulong) => "a whole number",
        _ when type == typeof(double) || type == typeof(float) => "a number",
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(KeyOf)),
        _ => "a word",
    };

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private UsageException Wrong(YamlNode node, string path, string expected, string found) =>
        new($"{Place(node)}: key '{(path.Length == 0 ? "(whole file)" : path)}' is {found}; expected {expected}.");

    private string Place(YamlNode node) => node.Start.Line > 0 ? $"{source}, line {node.Start.Line}" : source;
}

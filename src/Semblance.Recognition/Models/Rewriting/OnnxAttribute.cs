using Semblance.Onnx;

namespace Semblance.Recognition.Models.Rewriting;

/// <summary>Attributes of nodes.</summary>
internal static class OnnxAttribute
{
    /// <summary>A whole number.</summary>
    public static AttributeProto Of(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.Kind.Int };

    /// <summary>A number.</summary>
    public static AttributeProto Of(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.Kind.Float };

    /// <summary>Whole numbers.</summary>
    public static AttributeProto Of(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.Kind.Ints };
        foreach (long value in values)
        {
            attribute.Ints.Add(value);
        }

        return attribute;
    }
}

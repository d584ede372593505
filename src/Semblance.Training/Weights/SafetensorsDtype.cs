using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>The names of element types in safetensors headers.</summary>
internal static class SafetensorsDtype
{
    /// <summary>Every name this program reads and writes, in words for a message.</summary>
    public const string Known = "F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL";

    /// <summary>The header's name for an element type.</summary>
    /// <param name="type">The tensor's type.</param>
    /// <param name="tensor">The tensor's name, for the message.</param>
    /// <exception cref="SemblanceException">The format has no name for it.</exception>
    public static string NameOf(ScalarType type, string tensor) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Int16 => "I16",
        ScalarType.Int8 => "I8",
        ScalarType.Byte => "U8",
        ScalarType.Bool => "BOOL",
        _ => throw new SemblanceException($"tensor '{tensor}' has type {type}; a safetensors file holds {Known}."),
    };

    /// <summary>The element type of a header's name and its width in bytes, or null where the name is unknown.</summary>
    /// <param name="name">For example F32.</param>
    public static (ScalarType Type, int Width)? Find(string? name) => name switch
    {
        "F64" => (ScalarType.Float64, 8),
        "F32" => (ScalarType.Float32, 4),
        "F16" => (ScalarType.Float16, 2),
        "BF16" => (ScalarType.BFloat16, 2),
        "I64" => (ScalarType.Int64, 8),
        "I32" => (ScalarType.Int32, 4),
        "I16" => (ScalarType.Int16, 2),
        "I8" => (ScalarType.Int8, 1),
        "U8" => (ScalarType.Byte, 1),
        "BOOL" => (ScalarType.Bool, 1),
        _ => null,
    };
}

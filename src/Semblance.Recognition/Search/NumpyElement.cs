namespace Semblance.Recognition.Search;

/// <summary>Kinds of numbers in NumPy files that can be read as vectors.</summary>
public enum NumpyElement
{
    /// <summary><c>&lt;f2</c></summary>
    Float16 = 2,

    /// <summary><c>&lt;f4</c></summary>
    Float32 = 4,

    /// <summary><c>&lt;f8</c></summary>
    Float64 = 8,
}

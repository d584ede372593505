using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>A tensor as a pickle describes it: a strided window into a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Size">The shape.</param>
/// <param name="Stride">Elements from one index to the next, per dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Size, long[] Stride);

/// <summary>A raw storage as a pickle describes it.</summary>
/// <param name="Type">Its element type.</param>
/// <param name="Width">Bytes of an element.</param>
/// <param name="Key">Its entry in the archive.</param>
/// <param name="Elements">Its length in elements.</param>
internal sealed record PickledStorage(ScalarType Type, int Width, string Key, long Elements);

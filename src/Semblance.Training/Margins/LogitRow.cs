namespace Semblance.Training.Margins;

/// <summary>A sample's logits, as a penalty sees them: scale·value − offset.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="values">[classes]: bent cosines or products.</param>
/// <param name="target">The index of the own class.</param>
/// <param name="largest">The largest of the values.</param>
/// <param name="scale">The scale, above 0.</param>
/// <param name="offset">The offset, 0 unless the penalty asks for one.</param>
public readonly ref struct LogitRow<T>(Span<T> values, int target, T largest, T scale, T offset)
{
    /// <summary>[classes]: bent cosines or products, to be overwritten by the penalty's derivatives.</summary>
    public Span<T> Values { get; } = values;

    /// <summary>The index of the own class.</summary>
    public int Target { get; } = target;

    /// <summary>The largest of the values, as they came: exponentials are taken relative to it.</summary>
    public T Largest { get; } = largest;

    /// <summary>The scale, above 0.</summary>
    public T Scale { get; } = scale;

    /// <summary>What is taken off after scaling.</summary>
    public T Offset { get; } = offset;
}

namespace Semblance.Training.Objectives;

/// <summary>An objective within another: written as its name alone, or as a mapping with <c>name</c> and its parameters.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The default's name.</param>
/// <param name="Description">What it is for.</param>
public sealed record InnerObjectiveParameter(string Name, string Default, string Description) : ObjectiveParameter(Name, Description)
{
    // The registry holds this parameter's own definition: asked for when used, since it is still being made when this is.
    private ComponentParameter<ObjectiveDefinition> Inner =>
        new(Name, Default, "objective", [.. ObjectiveRegistry.Names.Select(ObjectiveRegistry.Describe)], Description);

    /// <inheritdoc/>
    public override string DefaultText => Default;

    /// <inheritdoc/>
    public override string Allowed => $"the name of a loss, or a mapping of its name and parameters: {{name: {Default}, …}}";

    /// <inheritdoc/>
    internal override object? DefaultValue => Convert(Default);

    /// <inheritdoc/>
    internal override object? Convert(object? value) => Inner.Choose(value);
}

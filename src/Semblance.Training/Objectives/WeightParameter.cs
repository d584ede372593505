namespace Semblance.Training.Objectives;

/// <summary>A weight that may follow a schedule: a number, or a mapping {schedule: linear|cosine, from, to, steps, after}.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The default, at least 0.</param>
/// <param name="Description">What it weighs.</param>
public sealed record WeightParameter(string Name, double Default, string Description) : ObjectiveParameter(Name, Description)
{
    private static readonly ObjectiveParameter[] ScheduleKeys =
    [
        new ChoiceParameter<string>("schedule", "linear", [("linear", "linear"), ("cosine", "cosine")], "The way from one weight to the other."),
        new RealParameter("from", 0, 0, double.PositiveInfinity, "The weight at the first step."),
        new RealParameter("to", 1, 0, double.PositiveInfinity, "The weight that it ends in."),
        new WholeParameter("steps", 1000, 1, int.MaxValue, "Training steps from one to the other."),
        new WholeParameter("after", 0, 0, int.MaxValue, "Training steps before it begins."),
    ];

    /// <inheritdoc/>
    public override string DefaultText => Text(Default);

    /// <inheritdoc/>
    public override string Allowed => "a number of at least 0, or a schedule {schedule: linear|cosine, from: 0, to: 1, steps: 1000, after: 0}";

    /// <inheritdoc/>
    internal override object? DefaultValue => new ConstantWeight(Default);

    /// <inheritdoc/>
    internal override object? Convert(object? value)
    {
        if (value is IReadOnlyDictionary<string, object?> map)
        {
            ObjectiveArguments schedule = ObjectiveArguments.Bind($"weight schedule of '{Name}'", ScheduleKeys, map);
            (double from, double to, int steps, int after) = (schedule.Real("from"), schedule.Real("to"), schedule.Whole("steps"), schedule.Whole("after"));
            return schedule.Choice<string>("schedule") == "cosine" ? new CosineWeight(from, to, steps, after) : new LinearWeight(from, to, steps, after);
        }

        object? number = new RealParameter(Name, Default, 0, double.PositiveInfinity, Description).Convert(value);
        return number is double weight ? new ConstantWeight(weight) : null;
    }
}

using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>The parameter of miners that look within a margin.</summary>
internal static class MiningBand
{
    private const string Key = "margin";

    /// <summary>The width of the band.</summary>
    public static ObjectiveParameter Parameter { get; } = new RealParameter(
        Key, null, 0, double.PositiveInfinity, "The width of the band in units of the distance.", MinimumAllowed: false, DerivedFrom: "the loss's margin");

    /// <summary>The width that was given, else the loss's margin.</summary>
    /// <param name="miner">The miner's name, for messages.</param>
    /// <param name="arguments">The miner's arguments.</param>
    /// <param name="context">What it mines for.</param>
    /// <exception cref="UsageException">Neither is above 0.</exception>
    public static double Width(string miner, ObjectiveArguments arguments, MinerContext context) =>
        arguments.RealOrNull(Key) ?? (context.Margin is > 0 and { } margin
            ? margin
            : throw new UsageException(
                $"The miner '{miner}' looks within a margin, and the loss has none here; give it: miner: {{name: {miner}, margin: 0.2}}."));
}

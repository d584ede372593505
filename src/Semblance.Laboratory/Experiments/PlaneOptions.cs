namespace Semblance.Laboratory.Experiments;

/// <summary>What the trainings of the plane have in common.</summary>
public sealed record PlaneOptions
{
    /// <summary>People, 2 to 20; papers show eight to ten.</summary>
    public int Identities { get; init; } = 10;

    /// <summary>Steps of each training, at least 1.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Which people, weights and batches.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How far people on a circle can be from their nearest, in degrees.</summary>
    public double LargestAngle => 360.0 / Identities;

    /// <summary>Checks every value.</summary>
    /// <exception cref="UsageException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (Identities is < 2 or > 20)
        {
            throw new UsageException($"identities is {Identities}; expected 2 to 20: more do not find room in a plane.");
        }

        if (Steps < 1)
        {
            throw new UsageException($"steps is {Steps}; expected 1 or more.");
        }
    }
}

using Semblance.Laboratory.Experiments;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Laboratory.Comparing;

/// <summary>What is compared: losses, and everything that is the same for all of them.</summary>
public sealed record ComparisonPlan
{
    /// <summary>The losses, at least one, no two alike.</summary>
    public required IReadOnlyList<LossChoice> Losses { get; init; }

    /// <summary>The config that all runs share. Its last stage's loss is the one that is exchanged; its seed is that of the first runs and of the split of people.</summary>
    public required TrainingConfig Base { get; init; }

    /// <summary>Where everything is written.</summary>
    public required string Folder { get; init; }

    /// <summary>How many seeds each loss is trained with: the base's and those that follow it.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>A pairs file to test on, whose people are left out of training; null to hold people out and draw pairs of them.</summary>
    public string? Pairs { get; init; }

    /// <summary>The images of <see cref="Pairs"/>; null for the training data's.</summary>
    public string? PairsData { get; init; }

    /// <summary>The share of people held out where no pairs are given, above 0 and below 1.</summary>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>All runs, seed by seed, so that an interrupted comparison has as many runs of one loss as of another.</summary>
    public IReadOnlyList<ComparedRun> Runs() =>
    [
        .. Enumerable.Range(0, Seeds).SelectMany(index => Losses.Select((loss, place) => new ComparedRun(loss, place, Base.Seed + (ulong)index))),
    ];

    /// <summary>The config of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="exclude">The file that names the people to leave out.</param>
    public TrainingConfig ConfigOf(ComparedRun run, string exclude)
    {
        ArgumentNullException.ThrowIfNull(run);
        StageConfig stage = Base.Stages[^1] with { Loss = run.Loss.Name, LossParameters = run.Loss.Parameters };

        // A warm-up of the margin belongs to losses that have one.
        stage = stage.AutoWarmUp > 0 && !MarginWarmUp.Eases(stage) ? stage with { AutoWarmUp = 0 } : stage;
        return Base with { ExcludeIdentities = exclude, Seed = run.Seed, Stages = [.. Base.Stages.SkipLast(1), stage] };
    }

    /// <summary>Checks every value that can be checked before work begins.</summary>
    /// <exception cref="UsageException">A value is out of range or does not go with another; the message names it.</exception>
    public void Validate()
    {
        if (Losses.Count == 0)
        {
            throw new UsageException("there is no loss to compare; expected for example softmax,arcface.");
        }

        if (Base.Data.Length == 0)
        {
            throw new UsageException("compare: --data DIR|ZIP is required, or the key 'data' in the config.");
        }

        if (Seeds is < 1 or > 100)
        {
            throw new UsageException($"seeds is {Seeds}; expected 1 to 100.");
        }

        if (HeldOut is not (> 0 and < 1))
        {
            throw new UsageException(FormattableString.Invariant($"the share of people to hold out is {HeldOut}; expected a number between 0 and 1, for example 0.2."));
        }

        if (PairsData is not null && Pairs is null)
        {
            throw new UsageException("the images of pairs were named, but no pairs; give --pairs FILE as well.");
        }

        if (Base.ValidationPairs.Length > 0 && Pairs is not null && Path.GetFullPath(Base.ValidationPairs) == Path.GetFullPath(Pairs))
        {
            throw new UsageException($"{Pairs}: the config's validation_pairs choose each run's weights, so the same pairs cannot test them; give other pairs, or clear validation_pairs.");
        }
    }
}

/// <summary>One training of a comparison.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Place">Its place among the losses, from 0.</param>
/// <param name="Seed">The seed.</param>
public sealed record ComparedRun(LossChoice Loss, int Place, ulong Seed)
{
    /// <summary>The name of its files: the loss as letters, digits, dots and dashes, and the seed.</summary>
    public string Name => string.Concat(Loss.Label.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-')) + FormattableString.Invariant($"-seed{Seed}");
}

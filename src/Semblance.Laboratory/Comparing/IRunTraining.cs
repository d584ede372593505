namespace Semblance.Laboratory.Comparing;

/// <summary>Trains one run of a comparison.</summary>
public interface IRunTraining
{
    /// <summary>Trains to the end, from the run's last checkpoint where there is one.</summary>
    /// <param name="config">The config file.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="told">Receives what the training says of its progress, in short lines; null for nobody.</param>
    /// <param name="cancellationToken">Has the training write a checkpoint and end.</param>
    /// <returns>What it cost, and how it ended.</returns>
    /// <exception cref="UsageException">A value of the config does not hold.</exception>
    TrainingAttempt Train(string config, string run, IProgress<string>? told, CancellationToken cancellationToken);
}

/// <summary>One attempt at a training.</summary>
/// <param name="Seconds">Wall time, from start to end.</param>
/// <param name="PeakMemory">The most memory that was resident at one time, in bytes; 0 where it could not be measured.</param>
/// <param name="Failure">Why it failed, in one line; null where it finished or was stopped.</param>
/// <param name="Stopped">Whether it was stopped before its end.</param>
public sealed record TrainingAttempt(double Seconds, long PeakMemory, string? Failure, bool Stopped);

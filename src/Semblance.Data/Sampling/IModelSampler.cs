namespace Semblance.Data.Sampling;

/// <summary>
/// A sampler that looks at the model from time to time. What it then decides is its <see cref="Plan"/>; an epoch's batches follow from the plan, the
/// sampler's construction and the epoch's number alone. A checkpoint holds the plan, so a run that was killed in the middle of an epoch resumes
/// with the very batches it had.
/// </summary>
public interface IModelSampler : IBatchSampler
{
    /// <summary>Whether the plan must be made anew before an epoch.</summary>
    /// <param name="stageEpoch">The epoch within the stage, from 0; the first one always.</param>
    bool RefreshesBefore(int stageEpoch);

    /// <summary>Makes the plan anew.</summary>
    /// <param name="epoch">The epoch that comes next, as given to <see cref="IBatchSampler.Epoch"/>; picks the random draws.</param>
    /// <param name="model">The model as it is now.</param>
    /// <param name="cancellationToken">Ends the work; the plan stays as it was.</param>
    /// <returns>What was planned, in words for the log.</returns>
    string Refresh(int epoch, IModelView model, CancellationToken cancellationToken);

    /// <summary>Everything that the last <see cref="Refresh"/> decided; empty before the first.</summary>
    IReadOnlyList<int> Plan { get; }

    /// <summary>Takes up the plan of a checkpoint.</summary>
    /// <param name="plan">What <see cref="Plan"/> was.</param>
    /// <exception cref="SemblanceException">It does not fit this sampler's data.</exception>
    void Restore(int[] plan);
}

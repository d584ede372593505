using System.Globalization;
using Semblance.Data.Sampling;
using Semblance.Training.Configuration;
using Semblance.Training.Objectives;
using Semblance.Training.Sampling;

namespace Semblance.Training.Loop;

/// <summary>The batches of a stage: makes its sampler, and lets it look at the model where it wants to.</summary>
internal sealed class StageSampler
{
    private readonly StageContext _context;
    private readonly IBatchSampler _sampler;

    public StageSampler(StageContext context, StageConfig stage)
    {
        _context = context;
        _sampler = SamplerRegistry.Create(
            stage.Sampler.Name,
            stage.Sampler.Parameters,
            new SamplerContext(context.Faces.Labels, stage.Batch, context.Config.Seed)
            {
                ImagesPerIdentity = stage.ImagesPerIdentity,
                ComparesPhotos = ObjectiveRegistry.NeedsIdentityBatches(stage.Loss, stage.LossParameters),
            });
    }

    public int BatchSize => _sampler.BatchSize;

    public int BatchesPerEpoch => _sampler.BatchesPerEpoch;

    /// <summary>The batches of the epoch at a position. A plan is made at an epoch's first batch only: in the middle of one the checkpoint's holds.</summary>
    /// <param name="position">Where the run stands.</param>
    /// <param name="epochOverAll">The epoch over all stages.</param>
    /// <param name="objective">The stage's objective.</param>
    /// <param name="cancellationToken">Ends a look at the model; the last checkpoint is from before it.</param>
    /// <returns>The batches, and the position with the plan that a checkpoint must hold.</returns>
    public (int[][] Batches, TrainingPosition Position) Begin(
        TrainingPosition position, int epochOverAll, Objective objective, CancellationToken cancellationToken)
    {
        if (_sampler is IModelSampler looking)
        {
            if (position.Batch == 0 && looking.RefreshesBefore(position.Epoch))
            {
                string planned = looking.Refresh(epochOverAll, new TrainingModelView(_context, objective), cancellationToken);
                _context.Log.Write(string.Create(CultureInfo.InvariantCulture, $"epoch {epochOverAll + 1}: the sampler planned {planned}"));
                position = position with { Plan = looking.Plan };
            }
            else if (!ReferenceEquals(looking.Plan, position.Plan))
            {
                looking.Restore([.. position.Plan]);
                position = position with { Plan = looking.Plan };
            }
        }

        return (_sampler.Epoch(epochOverAll), position);
    }
}

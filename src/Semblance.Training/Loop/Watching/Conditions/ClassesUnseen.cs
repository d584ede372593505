namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>An epoch leaves many identities out.</summary>
internal sealed class ClassesUnseen() : WatchCondition("classes-unseen")
{
    private const double Most = 0.1;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        int classes = record.Stage.ClassCount;
        if (record.IdentitiesInEpoch is not { } met || classes - met <= Most * classes)
        {
            return null;
        }

        return $"{classes - met} of {classes} identities ({WatchRecord.Percent((classes - met) / (double)classes)}) come into no batch of an epoch: lower images_per_identity or batch (more batches an epoch), train for more epochs, or use a sampler that visits every identity";
    }
}

namespace Semblance.Laboratory.Checking;

/// <summary>What a case file is about.</summary>
public enum CaseKind
{
    /// <summary>A loss with its gradients; or the probabilities of a sampling rule.</summary>
    Loss,

    /// <summary>The tuples that a miner chooses.</summary>
    Miner,

    /// <summary>Figures of a protocol of evaluation.</summary>
    Metric,
}

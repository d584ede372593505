namespace Semblance.Training.Loop.Watching;

/// <summary>What a step is asked to measure beside its loss; none of it changes the step.</summary>
[Flags]
internal enum StepMeasures
{
    None = 0,

    /// <summary>Norm and spread of the embeddings.</summary>
    Embeddings = 1,

    /// <summary>The norm of all gradients. Measured in any case where it is clipped.</summary>
    GradientNorm = 2,

    /// <summary>How far the weights moved.</summary>
    WeightChange = 4,
}

namespace Semblance.Training.Centres;

/// <summary>How terms of the samples of a batch become one number.</summary>
public enum BatchReduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

namespace Semblance.Evaluation.Verification;

/// <summary>One operating point: what accepting every score of at least <paramref name="Threshold"/> leads to.</summary>
/// <param name="Threshold">The lowest accepted score; +∞ for the point that accepts nothing.</param>
/// <param name="FalseAccepts">Number of accepted impostor pairs.</param>
/// <param name="TrueAccepts">Number of accepted genuine pairs.</param>
/// <param name="Far">False accept rate (FMR) in [0, 1]: false accepts / impostor pairs.</param>
/// <param name="Tar">True accept rate (1 − FNMR) in [0, 1]: true accepts / genuine pairs.</param>
public readonly record struct RocPoint(double Threshold, int FalseAccepts, int TrueAccepts, double Far, double Tar);

using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation.Reports;

/// <summary>A system and what was measured of it.</summary>
/// <param name="Name">What a reader calls it, for example "ArcFace, trained" or "raw pixels".</param>
/// <param name="Report">Its figures, with scored pairs.</param>
public sealed record ReportedModel(string Name, VerificationReport Report);

namespace Semblance.Recognition.Galleries;

/// <summary>What one batch changed in a gallery.</summary>
/// <param name="Added">Templates added.</param>
/// <param name="NewSubjects">Subjects created for them.</param>
/// <param name="AlreadyEnrolled">Positions in the batch whose image the subject had already (or twice in this batch); left out.</param>
public sealed record EnrolmentOutcome(int Added, int NewSubjects, IReadOnlyList<int> AlreadyEnrolled);

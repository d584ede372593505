namespace Semblance.Recognition.Search;

/// <summary>A row that may be among the best.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Row">The row within it.</param>
/// <param name="Upper">The most that its score can be.</param>
internal readonly record struct Int8Candidate(int Segment, int Row, float Upper);

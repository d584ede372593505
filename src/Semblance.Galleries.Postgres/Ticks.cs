namespace Semblance.Galleries.Postgres;

/// <summary>
/// Times as the tables keep them: ticks of 100 ns since 0001-01-01 UTC. PostgreSQL's own times count microseconds, and a gallery that is
/// moved here and back would lose the last digit.
/// </summary>
internal static class Ticks
{
    public static long Of(DateTimeOffset time) => time.UtcTicks;

    public static DateTimeOffset ToTime(long ticks) =>
        new(Math.Clamp(ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
}

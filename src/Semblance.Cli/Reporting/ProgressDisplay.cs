namespace Semblance.Cli.Reporting;

/// <summary>Shows progress on standard error: bars on a terminal, a line every few seconds elsewhere. Thread-safe.</summary>
internal abstract class ProgressDisplay : IProgress<WorkProgress>, IDisposable
{
    /// <summary>Takes lines for people without breaking a bar.</summary>
    public abstract TextWriter Log { get; }

    /// <summary>Chooses the display that fits.</summary>
    /// <param name="error">Standard error.</param>
    public static ProgressDisplay Create(TextWriter error)
    {
        bool terminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        return terminal ? new TerminalProgress(error) : new LineProgress(error, TimeSpan.FromSeconds(5), TimeProvider.System);
    }

    /// <inheritdoc/>
    public abstract void Report(WorkProgress value);

    /// <summary>Runs work while the display is up.</summary>
    /// <param name="work">The work.</param>
    public virtual T Show<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Rate and time left as text, for example "345 images/s, 25 s left".</summary>
    /// <param name="meter">The stage's meter.</param>
    /// <param name="progress">The latest report.</param>
    protected static string Describe(RateMeter meter, WorkProgress progress)
    {
        string rate = meter.Rate is { } perSecond ? $"{Figures.Rate(perSecond)} {progress.Unit}/s" : "";
        string left = meter.Left(progress.Total) is { } time && progress.Done < progress.Total ? $"{Figures.Duration(time)} left" : "";
        return string.Join(", ", new[] { rate, left, progress.Note ?? "" }.Where(part => part.Length > 0));
    }
}

using System.Reflection;

namespace Semblance.Cli.Hosting;

/// <summary>A failure as one line for a person and an exit code.</summary>
/// <param name="Message">One line, without the tool's name.</param>
/// <param name="ExitCode">1 or 2.</param>
internal sealed record Failure(string Message, int ExitCode)
{
    /// <summary>Finds the line that helps for an exception.</summary>
    /// <param name="exception">What a command threw.</param>
    public static Failure From(Exception exception)
    {
        Exception cause = Unwrap(exception);
        return cause switch
        {
            UsageException => new Failure(OneLine(cause.Message), Hosting.ExitCode.Usage),
            SemblanceException => new Failure(OneLine(cause.Message), Hosting.ExitCode.Failure),
            OperationCanceledException => new Failure("stopped before it was finished.", Hosting.ExitCode.Failure),
            DllNotFoundException or BadImageFormatException => new Failure(
                $"a native library cannot be loaded: {OneLine(cause.Message)}", Hosting.ExitCode.Failure),
            IOException or UnauthorizedAccessException => new Failure(OneLine(cause.Message), Hosting.ExitCode.Failure),
            OutOfMemoryException => new Failure("out of memory; try a smaller --batch or --input-size.", Hosting.ExitCode.Failure),
            _ => new Failure(
                $"unexpected: {cause.GetType().Name}: {OneLine(cause.Message)} (--verbose shows where)", Hosting.ExitCode.Failure),
        };
    }

    private static Exception Unwrap(Exception exception)
    {
        while (exception is AggregateException or TargetInvocationException or TypeInitializationException && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

using Semblance.Cli.Hosting;

namespace Semblance.Cli.Tests;

public sealed class FailureTests
{
    public static TheoryData<Exception, int, string> Cases => new()
    {
        { new UsageException("--k is 0; expected 1."), 2, "--k is 0; expected 1." },
        { new SemblanceException("x.jpg: is truncated."), 1, "x.jpg: is truncated." },
        { new AggregateException(new SemblanceException("inner")), 1, "inner" },
        { new IOException("No space left on device : '/x'"), 1, "No space left on device : '/x'" },
        { new UnauthorizedAccessException("Access to the path '/x' is denied."), 1, "Access to the path '/x' is denied." },
        { new OperationCanceledException(), 1, "stopped before it was finished." },
        { new InvalidOperationException("two\nlines"), 1, "unexpected: InvalidOperationException: two lines (--verbose shows where)" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryExceptionBecomesOneLineAndACode(Exception exception, int exitCode, string message) =>
        Assert.Equal(new Failure(message, exitCode), Failure.From(exception));
}

namespace Semblance.Cli.Hosting;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked.</summary>
    public const int Success = 0;

    /// <summary>The command was understood and failed, or was stopped.</summary>
    public const int Failure = 1;

    /// <summary>An option, argument or configuration value is wrong.</summary>
    public const int Usage = 2;
}

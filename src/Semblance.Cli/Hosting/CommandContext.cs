namespace Semblance.Cli.Hosting;

/// <summary>What a command gets beside its options.</summary>
/// <param name="Progress">Shows how far long work has come, on standard error.</param>
/// <param name="Log">Lines for people, on standard error; safe to use while a progress bar is shown.</param>
/// <param name="CancellationToken">Cancelled by Ctrl-C and SIGTERM.</param>
internal sealed record CommandContext(IProgress<WorkProgress> Progress, TextWriter Log, CancellationToken CancellationToken);

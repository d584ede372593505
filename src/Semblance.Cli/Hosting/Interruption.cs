using System.Runtime.InteropServices;

namespace Semblance.Cli.Hosting;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancelled token, so that work can be put away in order; the second one kills.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly TextWriter error;

    /// <summary>Starts to listen.</summary>
    /// <param name="error">Where the person is told that the signal was heard.</param>
    public Interruption(TextWriter error)
    {
        this.error = error;
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (source.IsCancellationRequested)
        {
            return;
        }

        signal.Cancel = true;
        error.WriteLine("semblance: stopping in order; once more kills.");
        source.Cancel();
    }
}

using System.Runtime.InteropServices;

namespace Semblance.Cli.Hosting;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancelled token, so that work can be put away in order; the second one kills.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TextWriter _error;

    /// <summary>Starts to listen.</summary>
    /// <param name="error">Where the person is told that the signal was heard.</param>
    public Interruption(TextWriter error)
    {
        _error = error;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (_source.IsCancellationRequested)
        {
            return;
        }

        signal.Cancel = true;
        _error.WriteLine("semblance: stopping in order; once more kills.");
        _source.Cancel();
    }
}

using System.Globalization;
using Semblance.Training.Loop.Watching;

namespace Semblance.Cli.Commands;

/// <summary>What the watch over training has to say, a line each, on standard error as soon as it is seen.</summary>
internal sealed class WarningLines(TextWriter error) : IProgress<TrainingWarning>
{
    /// <inheritdoc/>
    public void Report(TrainingWarning value) =>
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"warning: epoch {value.Epoch}, step {value.Step}: {value.Message}"));
}

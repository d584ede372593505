using System.Text;
using Spectre.Console;

namespace Semblance.Cli.Reporting;

/// <summary>A text writer that puts whole lines above whatever bar the console is drawing.</summary>
internal sealed class ConsoleWriter(IAnsiConsole console) : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _line = new();

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (_gate)
        {
            if (value == '\n')
            {
                console.Write(new Text(_line.ToString().TrimEnd('\r') + Environment.NewLine));
                _line.Clear();
            }
            else
            {
                _line.Append(value);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _line.Length > 0)
        {
            Write('\n');
        }

        base.Dispose(disposing);
    }
}

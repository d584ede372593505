using System.Text;
using Spectre.Console;

namespace Semblance.Cli.Reporting;

/// <summary>A text writer that puts whole lines above whatever bar the console is drawing.</summary>
internal sealed class ConsoleWriter(IAnsiConsole console) : TextWriter
{
    private readonly Lock gate = new();
    private readonly StringBuilder line = new();

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (gate)
        {
            if (value == '\n')
            {
                console.Write(new Text(line.ToString().TrimEnd('\r') + Environment.NewLine));
                line.Clear();
            }
            else
            {
                line.Append(value);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && line.Length > 0)
        {
            Write('\n');
        }

        base.Dispose(disposing);
    }
}

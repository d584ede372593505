using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Semblance.Cli.Reporting;

/// <summary>Progress on a terminal: one bar a stage with count, rate, time left and the note.</summary>
internal sealed class TerminalProgress : ProgressDisplay
{
    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Dictionary<string, Stage> _stages = new(StringComparer.Ordinal);
    private ProgressContext? _context;

    /// <summary>Creates the display.</summary>
    /// <param name="error">Standard error, a terminal.</param>
    public TerminalProgress(TextWriter error)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new TerminalOutput(error), Interactive = InteractionSupport.Yes });
        Log = new ConsoleWriter(_console);
    }

    /// <inheritdoc/>
    public override TextWriter Log { get; }

    /// <inheritdoc/>
    public override T Show<T>(Func<T> work)
    {
        Progress progress = _console.Progress().AutoClear(false).HideCompleted(false);
        progress.RefreshRate = TimeSpan.FromMilliseconds(200);
        return progress
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new RateColumn())
            .Start(shown =>
            {
                _context = shown;
                try
                {
                    return work();
                }
                finally
                {
                    lock (_gate)
                    {
                        _context = null;
                        foreach (Stage stage in _stages.Values)
                        {
                            stage.Task.StopTask();
                        }
                    }
                }
            });
    }

    /// <inheritdoc/>
    public override void Report(WorkProgress value)
    {
        lock (_gate)
        {
            if (_context is null)
            {
                return;
            }

            if (!_stages.TryGetValue(value.Stage, out Stage? stage))
            {
                foreach (Stage earlier in _stages.Values)
                {
                    earlier.Task.StopTask();
                }

                stage = new Stage(_context.AddTask(Markup.Escape(value.Stage), new ProgressTaskSettings { MaxValue = Math.Max(1, value.Total) }));
                stage.Task.IsIndeterminate = value.Total == 0;
                stage.Task.Tag = stage;
                _stages.Add(value.Stage, stage);
            }

            stage.Meter.Add(_watch.Elapsed, value.Done);
            stage.Task.MaxValue = Math.Max(1, value.Total);
            stage.Task.Value = value.Done;
            stage.Text = Describe(stage.Meter, value);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Log.Dispose();
        base.Dispose();
    }

    private sealed class Stage(ProgressTask task)
    {
        public ProgressTask Task { get; } = task;

        public RateMeter Meter { get; } = new(TimeSpan.FromMilliseconds(500));

        public string Text { get; set; } = "";
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Tag is Stage stage ? stage.Text : "").LeftJustified();
    }

    /// <summary>Standard error measured as what it is; the library looks at standard output only.</summary>
    private sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => Math.Max(40, Measured(() => Console.WindowWidth, 100));

        public int Height => Math.Max(10, Measured(() => Console.WindowHeight, 30));

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }

        private static int Measured(Func<int> measure, int otherwise)
        {
            try
            {
                return measure();
            }
            catch (IOException)
            {
                return otherwise;
            }
        }
    }
}

using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Semblance.Cli.Reporting;

/// <summary>Progress on a terminal: one bar a stage with count, rate, time left and the note.</summary>
internal sealed class TerminalProgress : ProgressDisplay
{
    private readonly Lock gate = new();
    private readonly IAnsiConsole console;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Dictionary<string, Stage> stages = new(StringComparer.Ordinal);
    private ProgressContext? context;

    /// <summary>Creates the display.</summary>
    /// <param name="error">Standard error, a terminal.</param>
    public TerminalProgress(TextWriter error)
    {
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new TerminalOutput(error), Interactive = InteractionSupport.Yes });
        Log = new ConsoleWriter(console);
    }

    /// <inheritdoc/>
    public override TextWriter Log { get; }

    /// <inheritdoc/>
    public override T Show<T>(Func<T> work)
    {
        Progress progress = console.Progress().AutoClear(false).HideCompleted(false);
        progress.RefreshRate = TimeSpan.FromMilliseconds(200);
        return progress
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new RateColumn())
            .Start(shown =>
            {
                context = shown;
                try
                {
                    return work();
                }
                finally
                {
                    lock (gate)
                    {
                        context = null;
                        foreach (Stage stage in stages.Values)
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
        lock (gate)
        {
            if (context is null)
            {
                return;
            }

            if (!stages.TryGetValue(value.Stage, out Stage? stage))
            {
                foreach (Stage earlier in stages.Values)
                {
                    earlier.Task.StopTask();
                }

                stage = new Stage(context.AddTask(Markup.Escape(value.Stage), new ProgressTaskSettings { MaxValue = Math.Max(1, value.Total) }));
                stage.Task.IsIndeterminate = value.Total == 0;
                stage.Task.Tag = stage;
                stages.Add(value.Stage, stage);
            }

            stage.Meter.Add(watch.Elapsed, value.Done);
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

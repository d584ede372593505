using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Search;
using Semblance.Recognition.Services;

namespace Semblance.Cli.Commands;

/// <summary><c>search</c>: nearest vectors, from NumPy file to NumPy file.</summary>
internal sealed class SearchCommand : ToolCommand
{
    private readonly Option<string> _gallery = new("--gallery") { Description = "The vectors to search among: a matrix as a .npy file, or an index file from --save-index.", HelpName = "G.npy", Required = true };
    private readonly Option<string> _queries = new("--queries") { Description = "The vectors to search for, a .npy file of the same width.", HelpName = "Q.npy", Required = true };
    private readonly Option<int> _top = new("--top") { Description = "Rows wanted for each query.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<string?> _index = new("--index") { Description = $"The index: {string.Join(", ", VectorIndexes.Names)}. Default flat. hnsw takes options: hnsw,m=16,efc=100,ef=64.", HelpName = "KIND" };
    private readonly Option<float?> _threshold = new("--threshold") { Description = "Leave out rows below this cosine.", HelpName = "C" };
    private readonly Option<int> _batch = new("--batch") { Description = "Queries that share a pass over the gallery.", HelpName = "N", DefaultValueFactory = _ => 256 };
    private readonly Option<string?> _out = new("--out") { Description = "Write row numbers there: queries × top, int64, -1 where there is no row.", HelpName = "ids.npy" };
    private readonly Option<string?> _scores = new("--scores") { Description = "Write cosines there: queries × top, float32, -inf where there is no row.", HelpName = "scores.npy" };
    private readonly Option<string?> _save = new("--save-index") { Description = "Write the index as a file that later searches open at once.", HelpName = "FILE" };

    /// <summary>Creates the command.</summary>
    public SearchCommand()
        : base(
            "search",
            "Find the nearest vectors by cosine, from NumPy files to NumPy files; print build time, queries per second and memory.",
            "search --gallery gallery.npy --queries queries.npy --top 10 --out ids.npy --scores scores.npy",
            "search --gallery gallery.npy --queries queries.npy --index flat-int8 --save-index gallery.index",
            "search --gallery gallery.index --queries queries.npy --batch 1 --json")
    {
        Add(_gallery);
        Add(_queries);
        Add(_top);
        Add(_index);
        Add(_threshold);
        Add(_batch);
        Add(_out);
        Add(_scores);
        Add(_save);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var options = new ArraySearchOptions
        {
            Gallery = values.GetRequiredValue(_gallery),
            Queries = values.GetRequiredValue(_queries),
            Top = values.GetValue(_top),
            Index = values.GetValue(_index),
            Threshold = values.GetValue(_threshold),
            Batch = values.GetValue(_batch),
            IdsPath = values.GetValue(_out),
            ScoresPath = values.GetValue(_scores),
            SaveIndexPath = values.GetValue(_save),
        };
        ArraySearchReport report = ArraySearch.Run(options, context.Progress, context.CancellationToken);
        return new CommandOutcome(report, output => output.Facts(
            ("index", report.Index),
            ("gallery", $"{Figures.Count(report.Rows)} × {report.Dimension}"),
            ("built in", Figures.Duration(TimeSpan.FromSeconds(report.BuildSeconds))),
            ("queries", $"{Figures.Count(report.Queries)}, {Figures.Rate(report.QueriesPerSecond)} per second"),
            ("found", $"{Figures.Count(report.Hits)} rows"),
            ("recall", report.Recall is { } recall ? FormattableString.Invariant($"{recall:P2} of the very nearest") : null),
            ("memory", $"{Figures.Bytes(report.IndexBytes)} in the index, {Figures.Bytes(report.PeakBytes)} at most in the process"),
            ("ids", options.IdsPath),
            ("cosines", options.ScoresPath),
            ("saved as", options.SaveIndexPath)));
    }
}

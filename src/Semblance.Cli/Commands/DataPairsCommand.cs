using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Data;
using Semblance.Evaluation.Protocols;

namespace Semblance.Cli.Commands;

/// <summary><c>data pairs</c>: draws verification pairs from any dataset.</summary>
internal sealed class DataPairsCommand : ToolCommand
{
    private readonly Option<string> _data = SharedOptions.Data();
    private readonly Option<string> _out = new("--out") { Description = "The pairs file to write.", HelpName = "FILE", Required = true };
    private readonly Option<int> _folds = new("--folds") { Description = "Number of folds; no person is in two of them.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _perFold = new("--per-fold") { Description = "Pairs of one person in each fold; there are as many of two people.", HelpName = "N", DefaultValueFactory = _ => 300 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Chooses people and pairs.", HelpName = "S", DefaultValueFactory = _ => 1 };

    /// <summary>Creates the command.</summary>
    public DataPairsCommand()
        : base(
            "pairs",
            "Draw pairs for 'evaluate' from any dataset, in folds of different people.",
            "data pairs --data faces --out pairs.txt --folds 10 --per-fold 300 --seed 1")
    {
        Add(_data);
        Add(_out);
        Add(_folds);
        Add(_perFold);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string target = values.GetRequiredValue(_out);
        int folds = Counted.AtLeastOne(_folds.Name, values.GetValue(_folds));
        int perFold = Counted.AtLeastOne(_perFold.Name, values.GetValue(_perFold));
        using FaceDataset dataset = FaceDataset.Open(values.GetRequiredValue(_data));
        LfwPairs pairs = PairProtocol.Draw(dataset, perFold, folds, values.GetValue(_seed));
        pairs.Write(target);
        return new CommandOutcome(
            new { Out = target, Pairs = pairs.Pairs.Count, pairs.Folds, Seed = values.GetValue(_seed) },
            output => output.Line($"{Figures.Count(pairs.Pairs.Count)} pairs in {pairs.Folds} folds in {target}."));
    }
}

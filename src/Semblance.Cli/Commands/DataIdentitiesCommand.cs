using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Evaluation.Protocols;
using Semblance.IO;

namespace Semblance.Cli.Commands;

/// <summary><c>data identities</c>: who occurs in a pairs file, for <c>train --exclude-identities</c>.</summary>
internal sealed class DataIdentitiesCommand : ToolCommand
{
    private readonly Option<string> _pairs = new("--pairs") { Description = "The pairs file.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _folds = new("--folds") { Description = "Only the people of these folds, for example 9,10.", HelpName = "LIST" };
    private readonly Option<string> _out = new("--out") { Description = "The list to write, one name a line.", HelpName = "FILE", Required = true };

    /// <summary>Creates the command.</summary>
    public DataIdentitiesCommand()
        : base(
            "identities",
            "List the people of a pairs file, to leave them out of training.",
            "data identities --pairs pairs.txt --folds 9,10 --out test-people.txt")
    {
        Add(_pairs);
        Add(_folds);
        Add(_out);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string target = values.GetRequiredValue(_out);
        LfwPairs pairs = LfwPairs.Read(values.GetRequiredValue(_pairs));
        int[] folds = values.GetValue(_folds) is { } list ? FoldList.Parse(list) : [.. Enumerable.Range(1, pairs.Folds)];
        string[] names = [.. pairs.IdentitiesOfFolds(folds).Order(StringComparer.Ordinal)];
        AtomicFile.WriteText(target, string.Concat(names.Select(name => name + "\n")));
        return new CommandOutcome(
            new { Out = target, Identities = names.Length, Folds = folds },
            output => output.Line($"{Figures.Count(names.Length)} people of folds {string.Join(", ", folds)} in {target}."));
    }
}

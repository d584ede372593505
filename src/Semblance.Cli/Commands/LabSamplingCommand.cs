using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary><c>lab sampling</c>: where negatives fall, and how sure their gradient is.</summary>
internal sealed class LabSamplingCommand : LabFigureCommand
{
    private readonly Option<string?> _dims = new("--dims") { Description = "Dimensions for which the density q(d) is drawn; 4,16,128,512 without it.", HelpName = "LIST" };
    private readonly SamplingSource _source = new();

    /// <summary>Creates the command.</summary>
    public LabSamplingCommand()
        : base(
            "sampling",
            "Draw the density of distances on the sphere, where random, semi-hard, hard and distance-weighted negatives fall, and the variance of their gradient.",
            "lab sampling --dim 128 --out figures",
            "lab sampling --dims 3,8,64 --json",
            "lab sampling --run runs/first --data faces --out figures")
    {
        Add(_dims);
        _source.AddTo(this);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context)
    {
        int[] dimensions = values.GetValue(_dims) is { } list ? [.. NameList.Parse(list).Select(Dimension)] : [.. LaboratoryFigures.UsualDimensions];
        if (dimensions.Length == 0)
        {
            throw new UsageException("--dims is empty; expected dimensions separated by commas, for example 4,16,128.");
        }

        (IdentityEmbeddings embeddings, string arguments) = _source.Open(values, context);
        return LaboratoryFigures.Sampling(dimensions, embeddings, _source.Seed(values), arguments);
    }

    private static int Dimension(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension)
        ? SamplingSource.Checked(dimension)
        : throw new UsageException($"--dims: '{text}' is no dimension; expected whole numbers separated by commas, for example 4,16,128.");
}

using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Data;
using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Figures;
using Semblance.Models;

namespace Semblance.Cli.Commands;

/// <summary><c>lab sampling</c>: where negatives fall, and how sure their gradient is.</summary>
internal sealed class LabSamplingCommand : LabFigureCommand
{
    private const int UsualDimension = 128;
    private const int LargestDimension = 4096;

    private readonly Option<int?> _dim = new("--dim") { Description = $"Dimension of the random embeddings, {UsualDimension} without it.", HelpName = "N" };
    private readonly Option<string?> _dims = new("--dims") { Description = "Dimensions for which the density q(d) is drawn; 4,16,128,512 without it.", HelpName = "LIST" };
    private readonly Option<string?> _run = new("--run") { Description = "Sample from embeddings of this model instead of random ones; needs --data.", HelpName = "RUN|FILE.onnx" };
    private readonly Option<string?> _data = new("--data") { Description = "The faces that the model embeds: a folder per person, a zip of such folders, or a list file.", HelpName = "DIR|ZIP" };
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ulong> _seed = new("--seed") { Description = "Same seed, same samples.", HelpName = "S", DefaultValueFactory = _ => 1 };

    /// <summary>Creates the command.</summary>
    public LabSamplingCommand()
        : base(
            "sampling",
            "Draw the density of distances on the sphere, where random, semi-hard, hard and distance-weighted negatives fall, and the variance of their gradient.",
            "lab sampling --dim 128 --out figures",
            "lab sampling --dims 3,8,64 --json",
            "lab sampling --run runs/first --data faces --out figures")
    {
        Option[] options = [_dim, _dims, _run, _data, _threads, _seed];
        foreach (Option option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context)
    {
        int[] dimensions = values.GetValue(_dims) is { } list ? [.. NameList.Parse(list).Select(Dimension)] : [.. LaboratoryFigures.UsualDimensions];
        if (dimensions.Length == 0)
        {
            throw new UsageException("--dims is empty; expected dimensions separated by commas, for example 4,16,128.");
        }

        ulong seed = values.GetValue(_seed);
        (string? run, string? data, int? dim) = (values.GetValue(_run), values.GetValue(_data), values.GetValue(_dim));
        if ((run is null) != (data is null))
        {
            throw new UsageException("--run and --data go together: a model, and the faces that it embeds.");
        }

        if (run is null)
        {
            int dimension = Checked(dim ?? UsualDimension);
            return LaboratoryFigures.Sampling(dimensions, IdentityEmbeddings.OnSphere(dimension, seed), seed, $" --dim {dimension}");
        }

        if (dim is not null)
        {
            throw new UsageException("--dim has no effect beside --run, whose model gives the dimension; leave it out.");
        }

        using FaceDataset dataset = FaceDataset.Open(data!);
        using IFaceEmbedder embedder = ModelSource.Open(run, values.GetValue(_threads));
        var embeddings = IdentityEmbeddings.Of(dataset, embedder, run, seed, context.Progress, context.CancellationToken);
        return LaboratoryFigures.Sampling(dimensions, embeddings, seed, $" --run {run} --data {data}");
    }

    private static int Dimension(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension)
        ? Checked(dimension)
        : throw new UsageException($"--dims: '{text}' is no dimension; expected whole numbers separated by commas, for example 4,16,128.");

    private static int Checked(int dimension) => dimension is >= 3 and <= LargestDimension
        ? dimension
        : throw new UsageException($"The dimension {dimension} is not possible here; expected one from 3 to {LargestDimension}.");
}

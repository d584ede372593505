using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Data;
using Semblance.Laboratory.Experiments;
using Semblance.Models;

namespace Semblance.Cli.Commands;

/// <summary>The options that name what sampling is studied on: random points of a sphere, or the faces of a dataset embedded by a model.</summary>
internal sealed class SamplingSource
{
    private const int UsualDimension = 128;
    private const int LargestDimension = 4096;

    private readonly Option<int?> _dim = new("--dim") { Description = $"Dimension of the random embeddings, {UsualDimension} without it.", HelpName = "N" };
    private readonly Option<string?> _run = new("--run") { Description = "Sample from embeddings of this model instead of random ones; needs --data.", HelpName = "RUN|FILE.onnx" };
    private readonly Option<string?> _data = new("--data") { Description = "The faces that the model embeds: a folder per person, a zip of such folders, or a list file.", HelpName = "DIR|ZIP" };
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ulong> _seed = new("--seed") { Description = "Same seed, same samples.", HelpName = "S", DefaultValueFactory = _ => 1 };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        Option[] options = [_dim, _run, _data, _threads, _seed];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>The seed.</summary>
    /// <param name="values">The parsed options.</param>
    public ulong Seed(ParseResult values) => values.GetValue(_seed);

    /// <summary>Draws or embeds.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="context">Progress and cancellation.</param>
    /// <returns>The embeddings, and the arguments that name them.</returns>
    /// <exception cref="UsageException">The options do not go together.</exception>
    public (IdentityEmbeddings Embeddings, string Arguments) Open(ParseResult values, CommandContext context)
    {
        (string? run, string? data, int? dim) = (values.GetValue(_run), values.GetValue(_data), values.GetValue(_dim));
        if ((run is null) != (data is null))
        {
            throw new UsageException("--run and --data go together: a model, and the faces that it embeds.");
        }

        if (run is null)
        {
            int dimension = Checked(dim ?? UsualDimension);
            return (IdentityEmbeddings.OnSphere(dimension, Seed(values)), $" --dim {dimension}");
        }

        if (dim is not null)
        {
            throw new UsageException("--dim has no effect beside --run, whose model gives the dimension; leave it out.");
        }

        using FaceDataset dataset = FaceDataset.Open(data!);
        using IFaceEmbedder embedder = ModelSource.Open(run, values.GetValue(_threads));
        return (IdentityEmbeddings.Of(dataset, embedder, run, Seed(values), context.Progress, context.CancellationToken), $" --run {run} --data {data}");
    }

    /// <summary>The dimension itself where a sphere of it can be drawn.</summary>
    /// <param name="dimension">What was asked for.</param>
    /// <exception cref="UsageException">It is too small or too large.</exception>
    public static int Checked(int dimension) => dimension is >= 3 and <= LargestDimension
        ? dimension
        : throw new UsageException($"The dimension {dimension} is not possible here; expected one from 3 to {LargestDimension}.");
}

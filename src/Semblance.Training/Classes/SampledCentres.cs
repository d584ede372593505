using Semblance.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Classes;

/// <summary>
/// A sampled layer (An et al. 2021, "Partial FC: Training 10 Million Identities on a Single Machine"; 2022, "Killing Two Birds With One
/// Stone"): in each training step the classes of the batch take part and random others, together a share r of all, or the classes of the
/// batch alone where they are more. Rows that take no part are touched by neither gradient nor momentum nor weight decay. Outside training
/// all take part. The others follow from the seed and a step count, which is a buffer, so that a resumed run draws the same.
/// </summary>
public sealed class SampledCentres : ClassCentres, ISelfUpdating
{
    private const ulong WeightPurpose = 0x63656E74726573;
    private const ulong SamplePurpose = 0x73616D706C65;

    // Named as a checkpoint holds them. The matrix is no parameter: the gradient of a selection of its rows would be as large as itself.
    private readonly Tensor weight;
    private readonly Tensor momentum;
    private readonly Tensor steps;
    private readonly ulong _seed;
    private readonly int _count;
    private long[]? _chosen;
    private Tensor? _indices;
    private Tensor? _rows;

    /// <summary>Creates centres drawn as <see cref="DenseCentres"/> draws them.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="embeddingSize">Dimension of a centre, at least 1.</param>
    /// <param name="seed">The same seed gives the same centres and the same samples.</param>
    /// <param name="sampleRate">r in (0, 1]; ⌊r·C⌋ classes take part.</param>
    public SampledCentres(int classCount, int embeddingSize, ulong seed, double sampleRate)
        : base("centres", classCount, embeddingSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, 1);
        (_seed, SampleRate, _count) = (seed, sampleRate, (int)(sampleRate * classCount));
        using Generator generator = new(new CountedRandom(seed, WeightPurpose).NextUInt64());
        weight = randn([classCount, embeddingSize], ScalarType.Float32, generator: generator).mul_(DenseCentres.InitialDeviation);
        momentum = zeros_like(weight);
        steps = zeros(1, ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>r.</summary>
    public double SampleRate { get; }

    /// <summary>[classes × dim]: row c is the centre of class c; no gradient reaches it.</summary>
    public Tensor Weight => weight;

    /// <summary>The classes of the last step, ascending; empty before the first.</summary>
    public IReadOnlyList<long> LastClasses => _indices is null ? [] : _indices.data<long>().ToArray();

    /// <summary>[rows × dim]: the centres of <see cref="LastClasses"/>, whose gradient is there after back-propagation; null before the first step and after an update.</summary>
    public Tensor? LastRows => _rows;

    /// <inheritdoc/>
    public override ScalarType Dtype => weight.dtype;

    /// <summary>Gives the classes of the next step instead of drawing them, to repeat a step of another implementation.</summary>
    /// <param name="classes">Distinct, ascending; those of the batch must be among them.</param>
    public void Choose(IReadOnlyList<long> classes) => _chosen = [.. classes];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Classes were given by <see cref="Choose"/> and a label is not among them.</exception>
    public override CentreRows TakePart(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (!training)
        {
            return new CentreRows(weight, null, labels);
        }

        using IDisposable noGradient = no_grad();
        Forget();
        long[] own = labels.data<long>().ToArray();
        long[] classes = _chosen ?? Draw(own);
        _chosen = null;
        _ = steps.add_(1);
        _indices = tensor(classes).DetachFromDisposeScope();
        _rows = weight.index_select(0, _indices).requires_grad_().DetachFromDisposeScope();
        long[] targets = Array.ConvertAll(own, label => (long)Array.BinarySearch(classes, label));
        return Array.TrueForAll(targets, target => target >= 0)
            ? new CentreRows(_rows, null, tensor(targets))
            : throw new ArgumentException("A label of the batch is not among the classes that were chosen for the step.", nameof(labels));
    }

    /// <inheritdoc/>
    public double SquaredGradientNorm()
    {
        if (_rows?.grad is not { } gradient)
        {
            return 0;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        double norm = gradient.norm().to_type(ScalarType.Float64).item<double>();
        return norm * norm;
    }

    /// <inheritdoc/>
    public void Update(SgdStep step)
    {
        if (_rows?.grad is not { } gradient)
        {
            return;
        }

        using (NewDisposeScope())
        using (no_grad())
        {
            Tensor rows = _rows!.detach();
            if (step.GradientFactor != 1)
            {
                _ = gradient.mul_(step.GradientFactor);
            }

            _ = gradient.add_(rows, step.WeightDecay);
            Tensor velocity = momentum.index_select(0, _indices!).mul_(step.Momentum).add_(gradient);
            _ = momentum.index_copy_(0, _indices!, velocity);
            _ = rows.add_(step.Nesterov ? gradient.add_(velocity, step.Momentum) : velocity, -step.Rate);
            _ = weight.index_copy_(0, _indices!, rows);
        }

        Forget();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
            _indices?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Forget()
    {
        _rows?.grad?.Dispose();
        _rows?.Dispose();
        _rows = null;
    }

    // Others are drawn one by one until enough are there: every set of that size is equally likely.
    private long[] Draw(long[] own)
    {
        bool[] takesPart = new bool[ClassCount];
        int taken = 0;
        foreach (long label in own)
        {
            taken += takesPart[label] ? 0 : 1;
            takesPart[label] = true;
        }

        var random = new CountedRandom(_seed, SamplePurpose, (ulong)steps.item<long>());
        int wanted = Math.Max(_count, taken);
        if (wanted > ClassCount / 2)
        {
            // Near the whole, drawing those who stay away takes fewer tries.
            bool[] away = new bool[ClassCount];
            for (int leave = ClassCount - wanted; leave > 0;)
            {
                int candidate = random.NextInt(ClassCount);
                if (!takesPart[candidate] && !away[candidate])
                {
                    away[candidate] = true;
                    leave--;
                }
            }

            takesPart = Array.ConvertAll(away, stays => !stays);
        }
        else
        {
            while (taken < wanted)
            {
                int candidate = random.NextInt(ClassCount);
                taken += takesPart[candidate] ? 0 : 1;
                takesPart[candidate] = true;
            }
        }

        long[] classes = new long[wanted];
        int at = 0;
        for (int c = 0; c < ClassCount; c++)
        {
            if (takesPart[c])
            {
                classes[at++] = c;
            }
        }

        return classes;
    }
}

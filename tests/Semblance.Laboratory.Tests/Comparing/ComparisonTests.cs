using Semblance.Data.Synthesis;
using Semblance.Evaluation.Protocols;
using Semblance.Laboratory.Comparing;
using Semblance.Laboratory.Experiments;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Laboratory.Tests.Comparing;

[Collection(nameof(GlobalGenerator))]
public sealed class ComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comparison-").FullName;

    public ComparisonTests() => new SyntheticFaces(new SyntheticFaceOptions { Identities = 12, ImagesPerIdentity = 4, Size = 64 }).WriteFolder(Faces, cancellationToken: Token);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Faces => Path.Combine(_folder, "faces");

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AnInterruptedComparisonGoesOnWhereItWasAndTestsOnPeopleNobodyWasTrainedOn()
    {
        var training = new Training { StopsAfter = 2 };
        Assert.Throws<OperationCanceledException>(() => new Comparison(Plan("softmax,cosface:scale=16:margin=0.2"), training).Run(null, Token));
        Assert.Equal(3, training.Started.Count);

        var rest = new Training();
        ComparisonReport report = new Comparison(Plan("softmax,cosface:scale=16:margin=0.2"), rest).Run(null, Token);

        // Two were finished; the third had been stopped before its first step.
        Assert.Equal(["softmax-seed8", "cosface-scale-16-margin-0.2-seed8"], rest.Started);
        Assert.Equal(["cosface scale=16 margin=0.2", "softmax"], report.Losses.Select(loss => loss.Loss).Order());
        Assert.All(report.Losses, loss => Assert.Equal((2, 0), (loss.Finished, loss.Failed)));
        Assert.All(report.Runs, run => Assert.Equal(report.Pairs, run.Decisions.Length));
        Assert.Equal([7UL, 8UL], report.Seeds);
        Assert.Equal(2, report.Runs[2].Processes);
        Assert.NotNull(report.BestTwo);

        string[] trained = File.ReadAllLines(Path.Combine(Out, "runs", "softmax-seed7", "identities.txt"));
        HashSet<string> tested = [.. LfwPairs.Read(Path.Combine(Out, "pairs.txt")).Pairs.SelectMany(pair => new[] { pair.FirstIdentity, pair.SecondIdentity })];
        Assert.Equal(8, trained.Length);
        Assert.Equal(4, report.PeopleTested);
        Assert.Empty(trained.Intersect(tested));

        string page = File.ReadAllText(Path.Combine(Out, "index.html"));
        Assert.Contains("cosface scale=16 margin=0.2", page, StringComparison.Ordinal);
        Assert.Contains("McNemar", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"https?:", page);

        // Once finished nothing is trained again, and the figures are the same.
        var none = new Training();
        Assert.Equal(report.Runs.Select(run => run.Accuracy), new Comparison(Plan("softmax,cosface:scale=16:margin=0.2"), none).Run(null, Token).Runs.Select(run => run.Accuracy));
        Assert.Empty(none.Started);

        UsageException other = Assert.Throws<UsageException>(() => new Comparison(Plan("softmax", batch: 8), none).Run(null, Token));
        Assert.Contains("batch: 16", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatFailsIsToldAndTheOthersCount()
    {
        var training = new Training { Fails = "normface" };

        ComparisonReport report = new Comparison(Plan("normface,softmax") with { Seeds = 1 }, training).Run(null, Token);

        Assert.Equal(("normface", 0, 1, null), (report.Losses[1].Loss, report.Losses[1].Finished, report.Losses[1].Failed, report.Losses[1].Accuracy));
        Assert.Equal("the loss is NaN", report.Runs[0].Failure);
        Assert.Null(report.BestTwo);
        Assert.Contains("the loss is NaN", File.ReadAllText(Path.Combine(Out, "index.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void GivenPairsAreTestedOnAndTheirPeopleLeftOutOfTraining()
    {
        string pairs = Path.Combine(_folder, "given.txt");
        File.WriteAllText(pairs, string.Concat(new[] { 1, 2 }.Select(fold =>
            $"id_0000{fold}/id_0000{fold}_0001.jpg\tid_0000{fold}/id_0000{fold}_0002.jpg\t1\t{fold}\nid_0000{fold}/id_0000{fold}_0001.jpg\tid_0000{fold + 2}/id_0000{fold + 2}_0002.jpg\t0\t{fold}\n")));

        ComparisonReport report = new Comparison(Plan("softmax") with { Seeds = 1, Pairs = pairs }, new Training()).Run(null, Token);

        Assert.Equal((4, 2, 4), (report.Pairs, report.Folds, report.PeopleTested));
        string[] trained = File.ReadAllLines(Path.Combine(Out, "runs", "softmax-seed7", "identities.txt"));
        Assert.Equal(8, trained.Length);
        Assert.DoesNotContain("id_00003", trained);
    }

    [Fact]
    public void TooFewPeopleAreRefusedWithWhatWouldDo() =>
        Assert.Contains("fewer than 2 to train on", Assert.Throws<UsageException>(() => new Comparison(Plan("softmax") with { HeldOut = 0.95 }, new Training()).Run(null, Token)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0.2, "seeds")]
    [InlineData(3, 1.0, "hold out")]
    public void ValuesOutOfRangeAreNamed(int seeds, double heldOut, string named) =>
        Assert.Contains(named, Assert.Throws<UsageException>(() => (Plan("softmax") with { Seeds = seeds, HeldOut = heldOut }).Validate()).Message, StringComparison.Ordinal);

    private ComparisonPlan Plan(string losses, int batch = 16) => new()
    {
        Losses = LossChoice.ParseList(losses),
        Folder = Out,
        Seeds = 2,
        HeldOut = 0.3,
        Base = new TrainingConfig
        {
            Data = Faces,
            InputSize = 64,
            EmbeddingSize = 16,
            Seed = 7,
            Threads = 1,
            Stages = [new StageConfig { Epochs = 1, Batch = batch, Lr = 0.02 }],
        },
    };

    /// <summary>Trains within this process.</summary>
    private sealed class Training : IRunTraining
    {
        public int StopsAfter { get; init; } = int.MaxValue;

        public string? Fails { get; init; }

        public List<string> Started { get; } = [];

        public TrainingAttempt Train(string config, string run, IProgress<string>? told, CancellationToken cancellationToken)
        {
            Started.Add(Path.GetFileName(run));
            if (Started.Count > StopsAfter)
            {
                return new TrainingAttempt(1, 1, null, Stopped: true);
            }

            TrainingConfig read = TrainingConfigFile.Read(config);
            if (read.Stages[0].Loss == Fails)
            {
                return new TrainingAttempt(1, 1, "the loss is NaN", Stopped: false);
            }

            new Trainer(read, run).Run(resume: true, null, cancellationToken);
            return new TrainingAttempt(1, 1, null, Stopped: false);
        }
    }
}

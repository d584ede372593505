using Semblance.Training.Loop.Watching;

namespace Semblance.Training.Tests.Loop.Watching;

public sealed class StageWatchTests
{
    // Means of ten steps, as a run of ArcFace (s = 64, m = 0.5) on 40 synthetic people wrote them: it ends with 94 % on its batches.
    private static readonly (double Loss, double Angle, double Beyond, double Gradient, double Update)[] Healthy =
    [
        (47.3, 88.9, 0.997, 289.6, 0.0030), (45.2, 83.5, 0.981, 173.9, 0.0088), (40.5, 78.8, 0.959, 82.5, 0.0110), (39.7, 75.8, 0.894, 54.2, 0.0108),
        (35.7, 69.1, 0.731, 41.1, 0.0103), (32.5, 63.7, 0.541, 37.1, 0.0102), (27.7, 57.4, 0.363, 32.4, 0.0091), (24.3, 53.4, 0.222, 30.2, 0.0085),
        (23.7, 51.7, 0.225, 29.0, 0.0077), (20.5, 48.6, 0.169, 26.5, 0.0068), (17.8, 46.1, 0.147, 26.0, 0.0057), (17.3, 45.7, 0.122, 26.6, 0.0049),
        (13.3, 42.8, 0.059, 25.5, 0.0039), (12.7, 41.5, 0.069, 25.5, 0.0030), (10.6, 39.4, 0.038, 24.9, 0.0023), (11.6, 39.8, 0.066, 25.0, 0.0016),
        (9.7, 37.8, 0.047, 22.9, 0.0010), (7.4, 36.0, 0.022, 22.2, 0.00053), (10.3, 38.6, 0.059, 23.9, 0.00020), (8.3, 36.5, 0.034, 22.8, 0.000034),
    ];

    private static readonly StageFacts Stage = WatchRecords.Arcface with { ClassCount = 40, TotalSteps = 200, Rate = 0.05, RateWarmUpSteps = 20 };

    private static readonly long[] Labels = [0, 0, 1, 1];

    [Fact]
    public void A_healthy_run_is_told_nothing()
    {
        var watch = new StageWatch(Stage);
        watch.BeginEpoch(new ClassCoverage([[.. Enumerable.Range(0, 40)]], [.. Enumerable.Range(0, 40)], 40), resumed: false);
        for (int step = 0; step < 200; step++)
        {
            (double loss, double angle, double beyond, double gradient, double update) = Healthy[step / 10];
            Assert.Empty(watch.Add(step, Arcface(loss, angle, beyond, gradient, update), step < 180 ? 0.04 : 0.0001, 1, Labels));
        }

        Assert.Empty(watch.Look());
    }

    [Fact]
    public void A_condition_speaks_once_and_again_only_after_it_was_away_for_six_looks()
    {
        var watch = new StageWatch(Stage);
        var said = new List<int>();
        for (int step = 0; step < 200; step++)
        {
            // Windows of ten steps, judged by three: away for four looks after windows 5 and 6, for six after 10 to 13.
            bool stuck = step / 10 is not (5 or 6 or 10 or 11 or 12 or 13);
            if (watch.Add(step, Arcface(46, stuck ? 90 : 60, stuck ? 1 : 0.2, 30, 0.01), 0.05, 1, Labels).Any(line => line.Condition == "margin-too-large"))
            {
                said.Add((step + 1) / 10);
            }
        }

        Assert.Equal([5, 17], said);
    }

    [Fact]
    public void A_restored_watch_says_the_same_and_saves_the_same_as_one_never_stopped()
    {
        for (int stop = 3; stop < 120; stop += 13)
        {
            (List<string> unbroken, string end) = Run(stop: null);
            (List<string> resumed, string resumedEnd) = Run(stop);
            Assert.Equal(unbroken, resumed);
            Assert.Equal(end, resumedEnd);
            Assert.NotEmpty(unbroken);
        }
    }

    [Fact]
    public void Figures_of_a_joint_objectives_parts_are_watched_under_their_own_names()
    {
        var watch = new StageWatch(Stage);
        IReadOnlyList<(string Condition, string Message)> said = [];
        for (int step = 0; step < 50; step++)
        {
            var figures = new Dictionary<string, double> { ["identification.target_angle"] = 90, ["identification.beyond_margin"] = 1, ["verification.tuples"] = 5 };
            said = watch.Add(step, new StepOutcome(40, figures) { UpdateRatio = 1e-3 }, 0.05, 1, Labels);
        }

        Assert.Contains(said, line => line.Condition == "margin-too-large");
        Assert.Equal(["identification.beyond_margin", "identification.target_angle", "update_ratio", "verification.tuples"], watch.CloseLogWindow().Keys);
    }

    [Fact]
    public void A_stage_shorter_than_a_window_is_looked_at_when_its_epoch_ends()
    {
        var watch = new StageWatch(Stage);
        watch.BeginEpoch(new ClassCoverage([[0, 1]], [.. Enumerable.Range(0, 40)], 40), resumed: false);
        Assert.Empty(watch.Add(0, Arcface(46, 90, 1, 30, 0.01), 0.05, 1, Labels));
        Assert.Equal("classes-unseen", Assert.Single(watch.Look()).Condition);
    }

    private static StepOutcome Arcface(double loss, double angle, double beyond, double gradient, double update) => new(
        loss, new Dictionary<string, double> { ["target_angle"] = angle, ["beyond_margin"] = beyond, ["scale"] = 64 })
    {
        GradientNorm = gradient,
        UpdateRatio = update,
        Embeddings = new EmbeddingStatistics(7.8, 0.99),
        TargetAngles = [(float)angle],
    };

    private static (List<string> Said, string End) Run(int? stop)
    {
        var watch = new StageWatch(Stage);
        var said = new List<string>();
        for (int step = 0; step < 120; step++)
        {
            if (step == stop)
            {
                string saved = watch.Save();
                watch = new StageWatch(Stage);
                watch.Restore(saved);
            }

            double angle = step is > 60 and < 100 ? 70 : 89 + Math.Sin(step) / 3;
            said.AddRange(watch.Add(step, Arcface(45 + Math.Cos(step), angle, angle > 80 ? 0.99 : 0.3, 20 + Math.Sin(step), 0.01), 0.05, 1, Labels)
                .Select(line => $"{step} {line.Condition} {line.Message}"));
        }

        return (said, watch.Save());
    }
}

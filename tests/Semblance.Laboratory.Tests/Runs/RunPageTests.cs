using Semblance.Laboratory.Runs;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Laboratory.Tests.Runs;

public sealed class RunPageTests : IDisposable
{
    private readonly RunFolder _run = new(Directory.CreateTempSubdirectory("semblance-page-").FullName);

    public RunPageTests() => File.WriteAllText(_run.ConfigPath, TrainingConfigFile.ToYaml(new TrainingConfig
    {
        Data = "faces",
        Stages = [new StageConfig { Loss = "arcface", LossParameters = new Dictionary<string, object?> { ["margin"] = 0.8 }, AutoWarmUp = 2 }],
    }));

    [Fact]
    public void The_page_shows_warnings_curves_histograms_and_the_config()
    {
        Write(
            """{"kind":"train","step":20,"stage":0,"epoch":1,"loss":41.5,"target_angle":89.9,"beyond_margin":0.99,"gradient_norm":30,"embedding_norm":11.2}""",
            """{"kind":"target_angles","step":20,"stage":0,"epoch":1,"bins":[0,0,3,1]}""",
            """{"kind":"warning","step":20,"stage":0,"epoch":1,"condition":"margin-too-large","message":"the margin <m> holds 99 %"}""",
            """{"kind":"train","step":40,"stage":0,"epoch":2,"loss":40.5,"target_angle":88,"beyond_margin":0.98}""",
            """{"kind":"validation","step":40,"stage":0,"epoch":2,"score":0.91}""",
            """{"kind":"train","step":60,"sta""");
        var page = new RunPage(_run);
        string html = page.ToReport().ToHtml();
        Assert.Equal(("margin-too-large", 20L), (Assert.Single(page.Warnings).Condition, page.Warnings[0].Step));
        foreach (string part in new[]
        {
            "the margin &lt;m&gt; holds 99 %", "Mean angle to the own class", "Samples beyond the margin", "Angles to the own class", "Validation score", "Gradient norm",
            "margin 0.8", "margin warm-up over 2 epochs", "40 steps",
        })
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Tuples that cost something", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_warnings_says_so()
    {
        Write("""{"kind":"train","step":20,"stage":0,"epoch":1,"loss":1.5,"active_share":0.5,"distance_positive":0.4}""");
        string html = new RunPage(_run).ToReport().ToHtml();
        Assert.Contains("Nothing that is known to keep a run from converging was seen.", html, StringComparison.Ordinal);
        Assert.Contains("Tuples that cost something", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_metrics_is_refused_in_a_sentence() =>
        Assert.Contains(_run.MetricsPath, Assert.Throws<SemblanceException>(() => new RunPage(_run)).Message, StringComparison.Ordinal);

    [Fact]
    public void Shares_of_angles_are_those_between_the_ends()
    {
        var angles = new AngleCounts(0, 1, [.. Enumerable.Range(0, 36).Select(bin => bin is 5 or 6 or 18 ? 1L : 0)]);
        Assert.Equal(5, angles.BinWidth);
        Assert.Equal((1 / 3.0, 1 / 3.0, 1 / 3.0), (angles.Share(0, 30), angles.Share(30, 60), angles.Share(90, 180)));
        Assert.Equal(0, new AngleCounts(0, 1, new long[36]).Share(0, 180));
    }

    public void Dispose() => Directory.Delete(_run.Path, recursive: true);

    private void Write(params string[] lines) => File.WriteAllText(_run.MetricsPath, string.Join('\n', lines));
}

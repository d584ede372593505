using System.Text.Json;
using System.Text.RegularExpressions;
using Semblance.Data;
using Semblance.Evaluation.Reports;
using Semblance.Evaluation.Reports.Charts;
using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation.Tests.Reports;

public partial class VerificationPageTests
{
    [Fact]
    public void The_page_fetches_nothing_and_shows_the_figures()
    {
        VerificationReport trained = Scores(1.5);
        string html = new VerificationPage("Faces & <b>", new ReportedModel("trained", trained), new ReportedModel("<raw>", Scores(0.2)))
        {
            Facts = [("data", "x.zip")],
        }.ToReport().ToHtml();
        Assert.DoesNotMatch(Outside(), html);
        Assert.Contains("<title>Faces &amp; &lt;b&gt;</title>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;raw&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<raw>", html, StringComparison.Ordinal);
        Assert.Contains((trained.Accuracy * 100).ToString("F2", System.Globalization.CultureInfo.InvariantCulture), html, StringComparison.Ordinal);
        Assert.Contains(trained.Auc.ToString("F4", System.Globalization.CultureInfo.InvariantCulture), html, StringComparison.Ordinal);
        Assert.Contains("not supported", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_behind_each_figure_are_in_the_page()
    {
        VerificationReport report = Scores(1);
        string html = new VerificationPage("t", new ReportedModel("model", report)).ToReport().ToHtml();
        JsonElement[] figures = [.. Numbers().Matches(html).Select(m => JsonDocument.Parse(m.Groups[1].Value).RootElement)];
        Assert.Equal(["ROC", "Scores", "Error rates against threshold", "Accuracy per fold"], figures.Select(f => f.GetProperty("title").GetString()));
        double[] folds = [.. figures[3].GetProperty("series")[0].GetProperty("y").EnumerateArray().Select(v => v.GetDouble())];
        Assert.Equal(report.Folds.Select(f => f.Accuracy), folds, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Histogram_shares_add_up_to_all_pairs_of_each_kind()
    {
        LineChart chart = VerificationCharts.Histogram(Scores(1));
        Assert.All(chart.Series, s => Assert.Equal(1, s.Y.Sum(), 1e-9));
    }

    [Fact]
    public void Error_rates_are_those_of_counting_at_each_threshold()
    {
        VerificationReport report = Scores(1);
        LineChart chart = VerificationCharts.ErrorRates(report);
        foreach (int i in new[] { 0, 57, 200, 399 })
        {
            double t = chart.Series[0].X[i];
            Assert.Equal(report.ScoredPairs.Count(p => p.Same && p.Score < t) / (double)report.GenuinePairs, chart.Series[0].Y[i]);
            Assert.Equal(report.ScoredPairs.Count(p => !p.Same && p.Score >= t) / (double)report.ImpostorPairs, chart.Series[1].Y[i]);
        }
    }

    [Fact]
    public void Roc_curves_pass_through_the_operating_points()
    {
        VerificationReport report = Scores(1);
        ChartSeries curve = VerificationCharts.Roc([new ReportedModel("m", report)]).Series[0];
        OperatingPoint point = report.TarAtFar["1e-1"];
        int corner = curve.X.ToList().FindLastIndex(far => far <= point.FarTarget);
        Assert.Equal(point.Tar, curve.Y[corner]);
    }

    [Fact]
    public void The_hardest_pairs_are_shown_worst_first_with_pictures_that_decode()
    {
        using var faces = new FaceFolder();
        faces.Add("Ann", 3);
        faces.Add("Bob", 3);
        using FaceDataset dataset = faces.Open();
        ScoredPair[] pairs =
        [
            new("Ann/Ann_0001.pgm", "Ann/Ann_0002.pgm", true, 1, 0.9), new("Ann/Ann_0001.pgm", "Ann/Ann_0003.pgm", true, 2, 0.2),
            new("Ann/Ann_0001.pgm", "Bob/Bob_0001.pgm", false, 1, 0.1), new("Ann/Ann_0002.pgm", "Bob/Bob_0003.pgm", false, 2, 0.6),
        ];
        string html = new VerificationPage("t", new ReportedModel("m", VerificationReport.FromScores(pairs))) { Thumbnails = new FaceThumbnails(dataset) }.ToReport().ToHtml();
        Match[] images = [.. Images().Matches(html).Cast<Match>()];
        Assert.Equal(
            ["Ann/Ann_0002.pgm", "Bob/Bob_0003.pgm", "Ann/Ann_0001.pgm", "Bob/Bob_0001.pgm", "Ann/Ann_0001.pgm", "Ann/Ann_0003.pgm", "Ann/Ann_0001.pgm", "Ann/Ann_0002.pgm"],
            images.Select(m => m.Groups[1].Value));
        foreach (Match image in images)
        {
            Assert.Equal("image/png", image.Groups[2].Value);
            byte[] expected = dataset.Decode(dataset.Find(image.Groups[1].Value)).Data;
            Assert.Equal(expected, ImageDecoder.Decode(Convert.FromBase64String(image.Groups[3].Value), "png").Data);
        }
    }

    [Fact]
    public void Pages_are_composed_of_parts_and_written_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("sub/page.html");
        new HtmlReport("Training", "run 1").Add(
            new HeadlineFigures(new HeadlineFigure("loss", "1.25")),
            new ReportHeading("Curves", "a lead"),
            new FigureRow(new LineChart("Loss", new ChartAxis("step"), new ChartAxis("loss"), new ChartSeries("train", [0, 1], [2, 1])))).Write(path);
        string html = File.ReadAllText(path);
        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(folder.File("sub")));
        Assert.Throws<SemblanceException>(() => new HtmlReport("t").Write("/proc/none/page.html"));
    }

    private static VerificationReport Scores(double separation)
    {
        var random = new Random(7);
        return VerificationReport.FromScores([.. Enumerable.Range(0, 400).Select(i =>
            new ScoredPair($"a/{i}.png", $"b/{i}.png", i % 2 == 0, (i / 100) + 1, ((i % 2 == 0 ? separation : 0) + random.NextDouble() + random.NextDouble()) / 4))]);
    }

    [GeneratedRegex("""(?:src|href)\s*=\s*["']?(?!data:)|url\(|@import|https?:""")]
    private static partial Regex Outside();

    [GeneratedRegex("""<script type="application/json">(.*?)</script>""")]
    private static partial Regex Numbers();

    [GeneratedRegex("""<img alt="([^"]*)" title="[^"]*" src="data:([^;]*);base64,([^"]*)">""")]
    private static partial Regex Images();
}

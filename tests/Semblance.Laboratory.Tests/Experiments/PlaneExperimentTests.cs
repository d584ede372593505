using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Figures;

namespace Semblance.Laboratory.Tests.Experiments;

[Collection(nameof(GlobalGenerator))]
public sealed class PlaneExperimentTests
{
    private static readonly PlaneOptions s_short = new() { Identities = 4, Steps = 60, Seed = 3 };

    [Fact]
    public void TheSameSeedGivesTheSamePicture()
    {
        var options = s_short with { Steps = 4 };
        IReadOnlyList<LossChoice> losses = PlaneExperiment.Fitted(LossChoice.ParseList("softmax,margin"), options);

        IReadOnlyList<PlaneResult> first = PlaneExperiment.Run(losses, options, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<PlaneResult> second = PlaneExperiment.Run(losses, options, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(first.SelectMany(Coordinates), second.SelectMany(Coordinates));
        Assert.Equal(4 * PlaneFaces.ShownPhotos, first[0].Unseen.X.Count);

        static IEnumerable<double> Coordinates(PlaneResult result) => result.Seen.X.Concat(result.Seen.Y).Concat(result.Unseen.X).Concat(result.Unseen.Y);
    }

    [Fact]
    public void CenterLossDrawsPeopleToPointsWhereSoftmaxLeavesRays()
    {
        IReadOnlyList<PlaneResult> results = PlaneExperiment.Run(
            LossChoice.ParseList("softmax,center:weight=0.01"), s_short with { Steps = 120 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(results[1].Seen.Spread < results[0].Seen.Spread, $"center {results[1].Seen.Spread}, softmax {results[0].Seen.Spread}");
        Assert.All(results, result => Assert.True(result.Unseen.Accuracy > 0.5, $"{result.Label} {result.Unseen.Accuracy}"));
    }

    [Fact]
    public void EveryUsualLossCanBeMadeAndHasAPanelOfItsOwn()
    {
        IReadOnlyList<LossChoice> usual = PlaneExperiment.UsualLosses(s_short);

        Assert.Equal(usual.Count, usual.Select(loss => loss.Label).Distinct().Count());
        foreach (string named in new[] { "softmax", "center", "l-softmax", "normface", "cosface", "arcface", "triplet" })
        {
            Assert.Contains(usual, loss => loss.Name == named);
        }

        Assert.Equal([1, 2, 3, 4], usual.Where(loss => loss.Name == "l-softmax").Select(loss => loss.Parameters["margin"]));
        Assert.All(usual, loss => loss.Create(new Semblance.Training.Objectives.ObjectiveContext(4, 2, 1) { SampleCount = 8, Labels = [0, 0, 1, 1, 2, 2, 3, 3] }).Dispose());
    }

    [Fact]
    public void AGivenParameterStandsAndTheOthersAreFittedToThePlane()
    {
        LossChoice fitted = Assert.Single(PlaneExperiment.Fitted(LossChoice.ParseList("cosface:margin=0.3"), new PlaneOptions()));

        Assert.Equal("cosface margin=0.3 scale=30", fitted.Label);
    }

    [Theory]
    [InlineData(1, 10, "identities")]
    [InlineData(21, 10, "identities")]
    [InlineData(10, 0, "steps")]
    public void ValuesOutOfRangeAreNamed(int identities, int steps, string named) => Assert.Contains(
        named, Assert.Throws<UsageException>(() => LaboratoryFigures.Plane([], new PlaneOptions { Identities = identities, Steps = steps }, "")).Message, StringComparison.Ordinal);

    [Fact]
    public void TheFigureTellsItsAnglesInATable()
    {
        // Two people at right angles, each with a photo 10° to both sides of its axis.
        PlanePoints result = PlanePoints.Of([Cos(10), Sin(10), 2 * Cos(-10), 2 * Sin(-10), Sin(10), Cos(10), Sin(-10), Cos(-10)], photos: 2);

        Assert.Equal((10, 90, 90), (Math.Round(result.IntraAngle, 4), Math.Round(result.InterAngle, 4), Math.Round(result.SmallestInterAngle, 4)));
        Assert.Equal((1, 1.25), (result.Accuracy, Math.Round(result.MeanNorm, 5)));
        var figure = new PlaneFigure([new PlaneResult("softmax", PlanePoints.Of([1, 0, 0, 1], photos: 1), result)], new PlaneOptions { Identities = 2 }, seen: false, " --losses softmax");
        Assert.Equal(["softmax", "100.0 %", "100.0 %", "10.0°", "90.0°", "90.0°"], figure.Rows[0].Take(6));
        using FigureDrawing drawing = figure.Draw();
        Assert.Contains("10.0° / 90.0°", drawing.ToSvg(figure.Title), StringComparison.Ordinal);

        static float Cos(double degrees) => (float)Math.Cos(degrees * Math.PI / 180);
        static float Sin(double degrees) => (float)Math.Sin(degrees * Math.PI / 180);
    }
}

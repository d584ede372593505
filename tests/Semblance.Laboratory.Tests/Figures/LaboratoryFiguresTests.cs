using System.Text.RegularExpressions;
using System.Xml.Linq;
using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Figures;

namespace Semblance.Laboratory.Tests.Figures;

[Collection(nameof(GlobalGenerator))]
public sealed class LaboratoryFiguresTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string _folder = Directory.CreateTempSubdirectory("figures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryRegisteredCurveIsNamedOnTheCommonPlot()
    {
        string[] words = Words(LaboratoryFigures.Curves([])[0]);

        Assert.All(MarginCurves.Names(), loss => Assert.Contains(words, word => word.Contains(loss, StringComparison.Ordinal)));
        Assert.Contains("0–30°", words);
        Assert.Contains("30–60°", words);
        Assert.Contains("60–90°", words);
        Assert.Contains("> 90°", words);
    }

    [Fact]
    public void CurvesThatCoincideAreDrawnOnceUnderBothNames()
    {
        string[] words = Words(LaboratoryFigures.Curves(["softmax", "normface", "arcface"])[0]);

        Assert.Contains("softmax =", words);
        Assert.Contains("normface", words);
    }

    [Fact]
    public void OneLossIsDrawnAgainstThePlainCosineUnderItsOwnName()
    {
        IFigure figure = Assert.Single(LaboratoryFigures.Curves(["arcface"]));

        Assert.Equal("arcface", figure.Name);
        Assert.Contains("cos θ", Words(figure));
        Assert.Contains("arcface", Words(figure));
    }

    [Fact]
    public void ThePageShowsEveryFigureWithItsCommandAndFetchesNothing()
    {
        IReadOnlyList<LaboratorySection> sections = LaboratoryFigures.Page(IdentityEmbeddings.OnSphere(16, 1, identities: 40), 1, " --dim 16");

        string page = File.ReadAllText(LaboratoryPage.Write(_folder, sections, TestContext.Current.CancellationToken));

        foreach (IFigure figure in sections.SelectMany(section => section.Figures))
        {
            Assert.Contains($"<code>{figure.Command}</code>", page, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(_folder, figure.Name + ".svg")));
            Assert.True(File.Exists(Path.Combine(_folder, figure.Name + ".png")));
        }

        Assert.Equal(sections.Sum(section => section.Figures.Count), Regex.Count(page, "src=\"data:image/svg"));
        Assert.DoesNotMatch("(src|href)=\"https?:", page);
    }

    [Fact]
    public void TwoFiguresOfOneNameAreRefused()
    {
        IFigure figure = new SphereDistancesFigure([8]);

        Assert.Throws<ArgumentException>(() => LaboratoryPage.Write(_folder, [new LaboratorySection("twice", "", [figure, figure])], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true, false, "sphere-distances.svg")]
    [InlineData(false, true, "sphere-distances.png")]
    public void OnlyWhatIsAskedForIsWritten(bool svg, bool png, string file)
    {
        FigureFiles.Write(new SphereDistancesFigure([4, 8]), _folder, svg, png);

        Assert.Equal([file], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    private static string[] Words(IFigure figure)
    {
        using FigureDrawing drawing = figure.Draw();
        return [.. XDocument.Parse(drawing.ToSvg(figure.Title)).Descendants(Svg + "text").Select(text => text.Value)];
    }
}

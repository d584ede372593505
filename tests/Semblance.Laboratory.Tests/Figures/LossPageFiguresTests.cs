using System.Xml.Linq;
using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Figures;
using Semblance.Training.Objectives;

namespace Semblance.Laboratory.Tests.Figures;

/// <summary>The page of each loss shows the laboratory's figure of it and says how it is made.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class LossPageFiguresTests
{
    private static readonly HashSet<string> WithForces = [.. LossForces.Names()];

    public static TheoryData<string> Names => [.. ObjectiveRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void ThePageShowsTheFigureWithItsWordsAndTheCommandThatDrawsIt(string loss)
    {
        IFigure figure = WithForces.Contains(loss) ? new LossForceFigure(loss) : new LossCurveFigure(loss);
        string section = File.ReadAllText(Path.Combine(Docs(), loss + ".md")).Split("## Figure\n")[^1].Split("\n## ")[0];
        Assert.Contains($"](figures/{figure.Name}.svg)", section, StringComparison.Ordinal);
        Assert.Contains($"`{figure.Command}`", section, StringComparison.Ordinal);

        using FigureDrawing drawing = figure.Draw();
        Assert.Equal(Words(XDocument.Parse(drawing.ToSvg(figure.Title))), Words(XDocument.Load(Path.Combine(Docs(), "figures", figure.Name + ".svg"))));
    }

    private static string[] Words(XDocument svg) => [.. svg.Descendants().Where(element => element.Name.LocalName is "text" or "title").Select(element => element.Value)];

    private static string Docs()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "docs", "losses");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("docs/losses was not found above the test's folder");
    }
}

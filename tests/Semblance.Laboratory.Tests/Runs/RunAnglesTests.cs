using Semblance.Laboratory.Figures;
using Semblance.Laboratory.Runs;

namespace Semblance.Laboratory.Tests.Runs;

public sealed class RunAnglesTests : IDisposable
{
    private readonly string _run = Directory.CreateTempSubdirectory("angles-").FullName;

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Fact]
    public void SharesPerZoneAreThoseOfTheHistogramsOfEachEpoch()
    {
        Write("arcface", Line(1, (17, 30), (18, 70)), Line(2, (2, 25), (8, 50), (13, 15), (19, 10)));

        RunAngles angles = RunAngles.Read(_run);
        var figure = new AngleZonesFigure(angles);

        Assert.Equal(["1", "arcface", "100", "0.0 %", "0.0 %", "30.0 %", "70.0 %", "91.0°"], figure.Rows[0]);
        Assert.Equal(["2", "arcface", "100", "25.0 %", "50.0 %", "15.0 %", "10.0 %", "44.3°"], figure.Rows[1]);
    }

    [Fact]
    public void BothFiguresAreDrawnAlsoForManyEpochsAndForOne()
    {
        Write("arcface", [.. Enumerable.Range(1, 40).Select(epoch => Line(epoch, (18 - (epoch / 3), 100)))]);
        Draw("40");

        Write("arcface", Line(1, (35, 5)));
        Draw("1");

        void Draw(string epoch)
        {
            foreach (IFigure figure in LaboratoryFigures.Margin(_run))
            {
                using FigureDrawing drawing = figure.Draw();
                Assert.Contains($">{epoch}<", drawing.ToSvg(figure.Title), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void ARunOfALossWithoutCentresIsRefusedByName()
    {
        Write("triplet", """{"kind":"train","step":20,"stage":0,"epoch":1,"loss":0.2}""");

        Assert.Contains("triplet, which has no class centres", Assert.Throws<SemblanceException>(() => RunAngles.Read(_run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunWithinItsFirstEpochIsToldApart()
    {
        Write("arcface", """{"kind":"train","step":20,"stage":0,"epoch":1,"target_angle":88.5}""");

        Assert.Contains("finished no epoch yet", Assert.Throws<SemblanceException>(() => RunAngles.Read(_run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsNoRunIsNamed() => Assert.Contains(_run, Assert.Throws<SemblanceException>(() => RunAngles.Read(_run)).Message, StringComparison.Ordinal);

    private static string Line(int epoch, params (int Bin, int Count)[] counts)
    {
        int[] bins = new int[36];
        foreach ((int bin, int count) in counts)
        {
            bins[bin] = count;
        }

        return $$"""{"kind":"target_angles","step":{{epoch * 10}},"stage":0,"epoch":{{epoch}},"bins":[{{string.Join(',', bins)}}]}""";
    }

    private void Write(string loss, params string[] lines)
    {
        File.WriteAllText(Path.Combine(_run, "config.yaml"), $"data: faces\nstages:\n- loss: {loss}\n");
        File.WriteAllLines(Path.Combine(_run, "metrics.jsonl"), lines);
    }
}

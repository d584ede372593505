using Semblance.Cli.Tests;

[assembly: AssemblyFixture(typeof(SmallWorld))]

namespace Semblance.Cli.Tests;

/// <summary>
/// One small road from faces to a gallery, walked once through the tool and shared by the tests: people to train on, other people to test
/// on, their pairs, a run of two epochs and its ONNX file. Parts are made when a test first asks for them.
/// </summary>
public sealed class SmallWorld : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _people;
    private readonly Lazy<string> _others;
    private readonly Lazy<string> _pairs;
    private readonly Lazy<ToolResult> _training;
    private readonly Lazy<string> _run;
    private readonly Lazy<ToolResult> _exporting;
    private readonly Lazy<string> _model;

    public SmallWorld()
    {
        _people = new(() => Draw("people", 24, 0));
        _others = new(() => Draw("others", 12, 1000));
        _pairs = new(() =>
        {
            ToolProcess.Run("data", "pairs", "--data", Others, "--out", _folder["pairs.txt"], "--folds", "4", "--per-fold", "25", "--json").Json();
            return _folder["pairs.txt"];
        });
        _training = new(() => ToolProcess.Run(
            "train", "--data", People, "--out", _folder["run"], "--backbone", "smallresnet", "--loss", "arcface", "--epochs", "2", "--batch", "32",
            "--input-size", "64", "--embedding-size", "64", "--lr", "0.05", "--seed", "3", "--json"));
        _run = new(() =>
        {
            Training.Json();
            return _folder["run"];
        });
        _exporting = new(() => ToolProcess.Run("export", "--run", Run, "--out", _folder["model.onnx"], "--json"));
        _model = new(() =>
        {
            Exporting.Json();
            return _folder["model.onnx"];
        });
    }

    public string People => _people.Value;

    public string Others => _others.Value;

    public string Pairs => _pairs.Value;

    internal ToolResult Training => _training.Value;

    public string Run => _run.Value;

    internal ToolResult Exporting => _exporting.Value;

    public string Model => _model.Value;

    public void Dispose() => _folder.Dispose();

    private string Draw(string name, int identities, int first)
    {
        ToolProcess.Run(
            "data", "synth", "--out", _folder[name], "--identities", $"{identities}", "--images-per-identity", "8", "--size", "64",
            "--first-identity", $"{first}", "--json").Json();
        return _folder[name];
    }
}

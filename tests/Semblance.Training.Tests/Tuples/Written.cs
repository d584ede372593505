using Semblance.Training.Objectives;

namespace Semblance.Training.Tests.Tuples;

/// <summary>Objectives from parameters in one line: "margin=0.5 miner=semi-hard,definition=all".</summary>
internal static class Written
{
    public const int Classes = 100;

    public static Objective Objective(string name, string parameters, int dim = 4, int samples = 0) => ObjectiveRegistry.Create(
        name,
        parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Value(p[1])),
        new ObjectiveContext(Classes, dim, 1) { SampleCount = samples });

    // A part with parameters of its own: its name, then "key=value" after commas.
    private static object? Value(string text)
    {
        string[] words = text.Split(',');
        return words.Length == 1
            ? text
            : words.Skip(1).Select(w => w.Split('=')).ToDictionary(w => w[0], w => (object?)w[1]).Append(new("name", words[0])).ToDictionary();
    }
}

using Semblance.Training.Configuration;

namespace Semblance.Training.Tests.Objectives;

/// <summary>Parameters as a config file gives them.</summary>
internal static class Yaml
{
    /// <summary>Reads a flow mapping, for example "{scale: 30, miner: {name: semi-hard, margin: 0.2}}".</summary>
    public static IReadOnlyDictionary<string, object?> Parameters(string mapping)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, $"stages:\n- loss: softmax\n  loss_parameters: {mapping}\n");
            return TrainingConfigFile.Read(path).Stages[0].LossParameters;
        }
        finally
        {
            File.Delete(path);
        }
    }
}

using System.CommandLine;

namespace Semblance.Cli.Commands;

/// <summary>Options that several commands have in common, so that they read the same everywhere.</summary>
internal static class SharedOptions
{
    /// <summary>A dataset to read.</summary>
    public static Option<string> Data(string description = "The faces: a folder per person, a zip of such folders, or a list file of 'path label' lines.") =>
        new("--data") { Description = description, HelpName = "DIR|ZIP", Required = true };

    /// <summary>An exported model.</summary>
    public static Option<string> OnnxModel() =>
        new("--model") { Description = "A face model written by 'semblance export', or the name of an installed pack ('semblance models list').", HelpName = "NAME|FILE.onnx", Required = true };

    /// <summary>Threads of the model.</summary>
    public static Option<int> Threads() =>
        new("--threads") { Description = "Threads of the model; 0 for all cores.", HelpName = "N", DefaultValueFactory = _ => 0 };
}

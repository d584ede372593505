using System.CommandLine;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Commands;

/// <summary>The options that say how good a face of a photograph must be.</summary>
internal sealed class QualityOptions
{
    private static readonly QualityThresholds Defaults = new();

    private readonly Option<bool> _any = new("--any-quality") { Description = "Refuse no face for its quality, except by the options given." };
    private readonly Option<double?> _eyes = Limit("--min-eye-distance", "PIXELS", $"The least distance of the eyes in pixels of the photo (default {Defaults.MinEyeDistance}).");
    private readonly Option<double?> _sharpness = Limit("--min-sharpness", "X", $"The least sharpness: variance of the crop's Laplacian over its own (default {Defaults.MinSharpness}).");
    private readonly Option<double?> _yaw = Limit("--max-yaw", "DEGREES", $"The most that a head may be turned to a side (default {Defaults.MaxYaw}).");
    private readonly Option<double?> _pitch = Limit("--max-pitch", "DEGREES", $"The most that it may look up or down (default {Defaults.MaxPitch}).");
    private readonly Option<double?> _roll = Limit("--max-roll", "DEGREES", $"The most that it may be tilted in the photo's plane (default {Defaults.MaxRoll}).");
    private readonly Option<double?> _clipped = Limit("--max-clipped", "SHARE", $"The largest share of the face that may be black or white (default {Defaults.MaxClipped}).");
    private readonly Option<double?> _visible = Limit("--min-visible", "SHARE", $"The least share of the face within the photo (default {Defaults.MinVisible}).");
    private readonly Option<double?> _score = Limit("--min-score", "SHARE", $"The least confidence of the detector, beyond what it reports at all (default {Defaults.MinScore}).");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options = [_any, _eyes, _sharpness, _yaw, _pitch, _roll, _clipped, _visible, _score];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Whether any of the options is given.</summary>
    /// <param name="values">The parsed options.</param>
    public bool AreGiven(ParseResult values)
    {
        Option<double?>[] limits = [_eyes, _sharpness, _yaw, _pitch, _roll, _clipped, _visible, _score];
        return values.GetValue(_any) || limits.Any(limit => values.GetValue(limit) is not null);
    }

    /// <summary>The thresholds asked for.</summary>
    /// <param name="values">The parsed options.</param>
    public QualityThresholds Read(ParseResult values)
    {
        QualityThresholds basis = values.GetValue(_any) ? QualityThresholds.None : Defaults;
        return new QualityThresholds
        {
            MinEyeDistance = values.GetValue(_eyes) ?? basis.MinEyeDistance,
            MinSharpness = values.GetValue(_sharpness) ?? basis.MinSharpness,
            MaxYaw = values.GetValue(_yaw) ?? basis.MaxYaw,
            MaxPitch = values.GetValue(_pitch) ?? basis.MaxPitch,
            MaxRoll = values.GetValue(_roll) ?? basis.MaxRoll,
            MaxClipped = values.GetValue(_clipped) ?? basis.MaxClipped,
            MinVisible = values.GetValue(_visible) ?? basis.MinVisible,
            MinScore = values.GetValue(_score) ?? basis.MinScore,
        };
    }

    private static Option<double?> Limit(string name, string unit, FormattableString description) =>
        new(name) { Description = FormattableString.Invariant(description), HelpName = unit };
}

using System.Text.Json.Serialization;

namespace Semblance.Training.Loop.Watching;

/// <summary>What the watch over a training run has to say: one line of what was seen, with numbers, and the usual remedy.</summary>
/// <param name="Condition">The condition's name, for example margin-too-large.</param>
/// <param name="Step">Optimiser steps made over all stages when it was seen.</param>
/// <param name="Stage">Index of the stage.</param>
/// <param name="Epoch">Epoch over all stages, from 1.</param>
/// <param name="Message">The line for a person.</param>
public sealed record TrainingWarning(
    [property: JsonPropertyName("condition")] string Condition,
    [property: JsonPropertyName("step")] long Step,
    [property: JsonPropertyName("stage")] int Stage,
    [property: JsonPropertyName("epoch")] int Epoch,
    [property: JsonPropertyName("message")] string Message);

using Semblance.Models;

namespace Semblance.Training.Loop;

/// <summary>Judges the weights in the course of training. Evaluation implements it; training does not know how.</summary>
public interface IModelValidator
{
    /// <summary>Validates one set of weights.</summary>
    /// <param name="embedder">The model as it would be deployed now.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    ModelValidation Validate(IFaceEmbedder embedder, CancellationToken cancellationToken);
}

/// <summary>What a validation found.</summary>
/// <param name="Score">The figure that decides which checkpoint is best: higher is better.</param>
/// <param name="Figures">Figures by name, for the log.</param>
public sealed record ModelValidation(double Score, IReadOnlyDictionary<string, double> Figures);

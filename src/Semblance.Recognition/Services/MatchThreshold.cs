using System.Text.Json.Serialization;
using Semblance.Models;

namespace Semblance.Recognition.Services;

/// <summary>The cosine from which on two faces are taken for the same person's.</summary>
/// <param name="Name">The name it has on the model's card.</param>
/// <param name="Value">The cosine.</param>
public sealed record MatchThreshold(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("value")] double Value)
{
    /// <summary>At most one in a thousand pairs of different people passes.</summary>
    public const string FalseMatchRate = "fmr=1e-3";

    /// <summary>As many different people pass as same people fail.</summary>
    public const string EqualErrorRate = "eer";

    /// <summary>The threshold that decisions are made by: "fmr=1e-3" where the card has it, else "eer", else null and nothing is decided.</summary>
    /// <param name="card">The model's card.</param>
    public static MatchThreshold? Of(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        foreach (string name in (string[])[FalseMatchRate, EqualErrorRate])
        {
            if (card.Thresholds.TryGetValue(name, out double value))
            {
                return new MatchThreshold(name, value);
            }
        }

        return null;
    }

    /// <summary>Whether a cosine passes.</summary>
    /// <param name="cosine">The cosine of two embeddings.</param>
    public bool Accepts(float cosine) => cosine >= Value;
}

using System.Text.Json.Serialization;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Recognition.Services;

/// <summary>The cosine from which on two faces are taken for the same person's.</summary>
/// <param name="Name">The name it has on the model's card, or <see cref="OfGallery"/>.</param>
/// <param name="Value">The cosine.</param>
public sealed record MatchThreshold(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("value")] double Value)
{
    /// <summary>At most one in a thousand pairs of different people passes.</summary>
    public const string FalseMatchRate = "fmr=1e-3";

    /// <summary>As many different people pass as same people fail.</summary>
    public const string EqualErrorRate = "eer";

    /// <summary>The gallery's own.</summary>
    public const string OfGallery = "gallery";

    /// <summary>The threshold that decisions about a gallery are made by: its own where it has one, else the card's.</summary>
    /// <param name="settings">The gallery's settings.</param>
    /// <param name="card">The model's card.</param>
    public static MatchThreshold? Of(GallerySettings settings, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Threshold is { } own ? new MatchThreshold(OfGallery, own) : Of(card);
    }

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

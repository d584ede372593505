using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>What a figure of forces says, by what they act between.</summary>
/// <param name="Push">The title of the push.</param>
/// <param name="Pull">The title of the pull.</param>
/// <param name="Pushes">The push as the loss's deed.</param>
/// <param name="Pulls">The pull as the loss's deed.</param>
/// <param name="Other">The axis of what is pushed away.</param>
/// <param name="Own">The axis of what is pulled near, or of a length.</param>
/// <param name="Scene">What was evaluated.</param>
internal sealed record ForceWords(string Push, string Pull, string Pushes, string Pulls, string Other, string Own, string Scene)
{
    /// <summary>Where a force on a length comes to rest.</summary>
    public string Rest { get; init; } = "";

    private static readonly ForceWords Anchor = new(
        "pushing the negative", "pulling the positive", "pushes a negative away from the anchor", "pulls a positive towards it",
        "distance d(a, n)", "distance d(a, p)", "one anchor beside a positive and a negative");

    /// <summary>The words for a kind of force.</summary>
    /// <param name="kind">The kind.</param>
    public static ForceWords Of(ForceKind kind) => kind switch
    {
        ForceKind.Anchor => Anchor,
        ForceKind.Photos => Anchor with { Scene = "a batch of three, each photo being the anchor in turn" },
        ForceKind.PhotoPairs => Anchor with { Scene = "a batch of two identities with two photos each" },
        ForceKind.Memory => Anchor with { Scene = "a batch of one photo, positive and negative being in the memory" },
        ForceKind.Proxies => new(
            "away from another class's proxy", "towards the own proxy", "pushes a photo away from another class's proxy", "pulls it towards its own",
            "distance d(x, n)", "distance d(x, p)", "a photo x beside the proxies p of its class, n of another and a third at right angles"),
        ForceKind.OwnCentre => new(
            "", "towards the own centre", "", "pulls a photo towards the centre of its class", "", "distance d(x, c) to the own centre", "a photo beside its class's centre"),
        ForceKind.ClassCentres => new(
            "away from another class's centre", "", "pushes the centres of two classes apart", "", "distance d(c, c′) of two centres", "d(c, c″)",
            "three centres, the third at right angles to both"),
        ForceKind.EmbeddingLength => new("", "", "", "draws an embedding to the radius (above 0: shorter, below 0: longer)", "", "length ‖x‖ of an embedding", "one embedding, the radius being 1") { Rest = "the radius R" },
        _ => new("", "", "", "draws the length of a centre to that of the others (above 0: shorter, below 0: longer)", "", "length ‖c‖ of the centre", "three centres, the others of length 1") { Rest = "the others' length" },
    };
}

namespace Semblance.Data.Synthesis;

/// <summary>What to draw. Equal options give equal bytes.</summary>
public sealed record SyntheticFaceOptions
{
    /// <summary>How many identities; 1 to 1,000,000.</summary>
    public required int Identities { get; init; }

    /// <summary>Images of each identity, or, with <see cref="LongTailExponent"/>, of the first; 1 to 100,000.</summary>
    public required int ImagesPerIdentity { get; init; }

    /// <summary>
    /// The exponent A of a long tail, 0 to 5: the identity of rank r (from 0) gets max(1, round(K·(r + 1)^−A)) images, where K is
    /// <see cref="ImagesPerIdentity"/>. Null or 0: K images of everyone.
    /// </summary>
    public double? LongTailExponent { get; init; }

    /// <summary>Width and height in pixels; 32 to 512.</summary>
    public int Size { get; init; } = 112;

    /// <summary>The seed; another seed draws other people.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The number of the first identity, from 0. Sets of one seed whose number ranges do not meet show different people, so that
    /// evaluation can be kept apart from training.
    /// </summary>
    public int FirstIdentity { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="UsageException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Identities is >= 1 and <= 1_000_000, "identities", Identities, "1 to 1000000");
        Require(ImagesPerIdentity is >= 1 and <= 100_000, "images per identity", ImagesPerIdentity, "1 to 100000");
        Require(LongTailExponent is null or (>= 0 and <= 5), "the long-tail exponent", LongTailExponent, "0 to 5");
        Require(Size is >= 32 and <= 512, "the image size", Size, "32 to 512 pixels");
        Require(FirstIdentity is >= 0 and <= 1_000_000_000, "the first identity", FirstIdentity, "0 to 1000000000");
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
        {
            throw new UsageException(FormattableString.Invariant($"Synthetic faces: {name} is {value}; expected {expected}."));
        }
    }
}

namespace Semblance.Tests;

public sealed class NameSuggestionTests
{
    private static readonly string[] Losses = ["softmax", "normface", "cosface", "arcface", "triplet"];

    [Theory]
    [InlineData("arcfase", "arcface")]
    [InlineData("ARCFACE", "arcface")]
    [InlineData("tripplet", "triplet")]
    [InlineData("soft_max", "softmax")]
    [InlineData("cosfac", "cosface")]
    [InlineData("trip", "triplet")]
    public void ASlipFindsItsName(string written, string meant)
    {
        Assert.Equal(meant, NameSuggestion.Closest(written, Losses));
        Assert.Equal($"did you mean '{meant}'?", NameSuggestion.Sentence(written, Losses));
    }

    [Theory]
    [InlineData("quantum")]
    [InlineData("")]
    public void AStrangerGetsTheListInOrder(string written)
    {
        Assert.Null(NameSuggestion.Closest(written, Losses));
        Assert.Equal("known are: arcface, cosface, normface, softmax, triplet.", NameSuggestion.Sentence(written, Losses));
    }

    [Fact]
    public void NothingKnownSuggestsNothing() => Assert.Null(NameSuggestion.Closest("x", []));
}

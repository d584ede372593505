using System.Text.Json;
using Semblance.Cli.Reporting;

namespace Semblance.Cli.Tests;

public sealed class JsonOutputTests
{
    [Fact]
    public void NamesAreSnakeCaseAndNoNumberIsOutsideJson()
    {
        string text = JsonOutput.Serialise(new { TarAtFar = double.NaN, BestScore = float.PositiveInfinity, Rank1 = 0.5, Name = "Zoë" });

        JsonElement document = JsonDocument.Parse(text).RootElement;
        Assert.Equal(JsonValueKind.Null, document.GetProperty("tar_at_far").ValueKind);
        Assert.Equal(JsonValueKind.Null, document.GetProperty("best_score").ValueKind);
        Assert.Equal(0.5, document.GetProperty("rank1").GetDouble());
        Assert.Contains("Zoë", text, StringComparison.Ordinal);
    }
}

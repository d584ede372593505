using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Tests.Experiments;

public sealed class LossChoiceTests
{
    [Fact]
    public void NamesAreSeparatedByCommasAndParametersStandBehindColons()
    {
        IReadOnlyList<LossChoice> losses = LossChoice.ParseList("arcface, cosface:margin=0.2:scale=30");

        Assert.Equal(["arcface", "cosface margin=0.2 scale=30"], losses.Select(loss => loss.Label));
    }

    [Fact]
    public void AYamlListReachesNestedParameters()
    {
        IReadOnlyList<LossChoice> losses = LossChoice.ParseList("[softmax, {name: margin, miner: {name: distance-weighted, cutoff: 0.4}}]");

        Assert.Equal(["softmax", "margin miner={name: distance-weighted, cutoff: 0.4}"], losses.Select(loss => loss.Label));
    }

    [Fact]
    public void AYamlFileIsRead()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, "- softmax\n- name: arcface\n  margin: 0.3\n");
        try
        {
            Assert.Equal(["softmax", "arcface margin=0.3"], LossChoice.ParseList(file).Select(loss => loss.Label));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("softmax,arcfase", "arcface")]
    [InlineData("cosface:margn=0.2", "margin")]
    [InlineData("cosface:margin=7", "margin")]
    [InlineData("cosface:margin", "key=value")]
    [InlineData("cosface:margin=0.1:margin=0.2", "once")]
    [InlineData("arcface,arcface", "twice")]
    [InlineData("", "empty")]
    [InlineData("[arcface", "YAML")]
    [InlineData("{arcface: 1}", "arcface")]
    [InlineData("/no/such/list.yaml", "/no/such/list.yaml")]
    public void WhatIsWrongIsNamedWithWhatWasExpected(string text, string named) =>
        Assert.Contains(named, Assert.Throws<UsageException>(() => LossChoice.ParseList(text)).Message, StringComparison.Ordinal);
}

using System.Globalization;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

public sealed class ObjectiveRegistryTests
{
    private static readonly ObjectiveContext Context = new(5, 4, 1);

    public static TheoryData<string> Names => [.. ObjectiveRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void MakesEveryObjectiveWithItsDefaults(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Create(name);
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 8, 4, 2, ScalarType.Float32);
        ObjectiveValue value = objective.Evaluate(embeddings, labels);
        value.Loss.backward();
        Gradients.AssertFinite(value.Loss);
        Gradients.AssertFinite(embeddings.grad);
        Assert.NotEmpty(value.Figures);
        Assert.Equal(name, objective.GetName());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AcceptsEveryDefaultAsItIsWritten(string name)
    {
        foreach (ObjectiveParameter parameter in ObjectiveRegistry.Describe(name).Parameters)
        {
            Assert.NotEmpty(parameter.Description);
            Assert.NotEmpty(parameter.Allowed);
            if (parameter is not RealParameter { Default: null } && parameter is not PartsParameter)
            {
                using Objective objective = Create(name, (parameter.Name, parameter.DefaultText));
            }
        }
    }

    [Fact]
    public void TellsWhichObjectivesWantSeveralPhotosOfEachIdentity()
    {
        string[] named = [.. ObjectiveRegistry.Names.Where(ObjectiveRegistry.NeedsIdentityBatches)];
        Assert.Equal(TupleObjectives.All.Select(d => d.Name).Append("cross-batch-memory"), named);
        Assert.DoesNotContain("arcface", named);
    }

    [Fact]
    public void SuggestsTheNearestNameForAnUnknownOne()
    {
        Assert.Contains("did you mean 'arcface'?", Refused(() => Create("arcfase")), StringComparison.Ordinal);
        Assert.Contains("did you mean 'arcface'?", Refused(() => ObjectiveRegistry.NeedsIdentityBatches("arcfase")), StringComparison.Ordinal);
    }

    [Fact]
    public void SuggestsTheNearestParameterForAnUnknownOne()
    {
        string message = Refused(() => Create("arcface", ("margn", 0.4)));
        Assert.Contains("'arcface'", message, StringComparison.Ordinal);
        Assert.Contains("'margn'", message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'margin'?", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arcface", "margin", 1.6, "a number from 0 to 1.57")]
    [InlineData("arcface", "margin", -0.1, "a number from 0 to 1.57")]
    [InlineData("arcface", "margin", double.NaN, "a number")]
    [InlineData("arcface", "margin", "0,5", "a number")]
    [InlineData("arcface", "margin", "wide", "is 'wide'")]
    [InlineData("arcface", "margin", null, "is empty")]
    [InlineData("arcface", "margin", true, "a number")]
    [InlineData("arcface", "scale", 0, "a number above 0")]
    [InlineData("arcface", "beyond_pi", "linaer", "one of linear, none, easy-margin, cosine, clip")]
    [InlineData("normface", "learned", "yes", "true or false")]
    [InlineData("normface", "learned", 1, "true or false")]
    [InlineData("normface", "probability", 1.0, "at most 0.999999")]
    [InlineData("triplet", "miner", 3, "one of all")]
    public void SaysWhatIsAllowedForAValueThatIsNot(string objective, string key, object? value, string expected)
    {
        string message = Refused(() => Create(objective, (key, value)));
        Assert.Contains($"'{key}'", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(32L)]
    [InlineData(32.0)]
    [InlineData(32f)]
    [InlineData("32")]
    [InlineData(" 3.2e1 ")]
    public void TakesANumberInWhateverTypeItComes(object scale)
    {
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Create("cosface", ("scale", scale));
        Assert.Equal(32, objective.Evaluate(ones([1, 4]), zeros(1, ScalarType.Int64)).Figures["scale"]);
    }

    [Fact]
    public void TakesNormFacesScaleFromTheBoundUnlessGiven()
    {
        using DisposeScope scope = NewDisposeScope();
        double Scale(params (string, object?)[] parameters)
        {
            using Objective objective = Create("normface", parameters);
            return objective.Evaluate(ones([1, 4]), zeros(1, ScalarType.Int64)).Figures["scale"];
        }

        Assert.Equal(0.8 * Math.Log(4 * 99), Scale(), 9);
        Assert.Equal(0.8 * Math.Log(4 * 9), Scale(("probability", 0.9)), 9);
        Assert.Equal(20, Scale(("scale", 20)));
        using Objective learned = Create("normface", ("learned", "true"));
        Assert.Contains("scale", learned.named_parameters().Select(p => p.name));
    }

    [Theory]
    [InlineData("normface", "scale", "probability", 20, 0.9)]
    [InlineData("contrastive", "distance", "normalise", "cosine", true)]
    public void RefusesAParameterThatHasNoEffectBesideAnother(string objective, string first, string without, object a, object b)
    {
        string message = Refused(() => Create(objective, (first, a), (without, b)));
        Assert.Contains($"'{without}'", message, StringComparison.Ordinal);
        Assert.Contains("no effect", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AsksForABandWhereTheSoftMarginLeavesNone()
    {
        Assert.Contains("miner: {name: semi-hard, margin: 0.2}", Refused(() => Create("triplet", ("soft_margin", true))), StringComparison.Ordinal);
        using Objective given = Create("triplet", ("soft_margin", true), ("miner", Miner("semi-hard", ("margin", 0.2))));
    }

    [Fact]
    public void SuggestsTheNearestMinerAndItsNearestParameter()
    {
        Assert.Contains("did you mean 'semi-hard'?", Refused(() => Create("triplet", ("miner", "semihard"))), StringComparison.Ordinal);
        string message = Refused(() => Create("triplet", ("miner", Miner("semi-hard", ("margn", 0.2)))));
        Assert.Contains("The miner 'semi-hard' has no parameter 'margn'; did you mean 'margin'?", message, StringComparison.Ordinal);
        message = Refused(() => Create("triplet", ("miner", Miner("semi-hard", ("definition", "tfa"), ("margin", 0.1)))));
        Assert.Contains("'margin' of the miner 'semi-hard' has no effect", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Miner(string name, params (string Key, object? Value)[] parameters)
    {
        var map = parameters.ToDictionary(p => p.Key, p => p.Value);
        map["name"] = name;
        return map;
    }

    [Fact]
    public void MakesTheSameCentresFromTheSameSeed()
    {
        using Objective a = Create("arcface");
        using Objective b = Create("arcface");
        Assert.Equal(Gradients.Of(a.parameters().Single()), Gradients.Of(b.parameters().Single()));
    }

    private static Objective Create(string name, params (string Key, object? Value)[] parameters) =>
        ObjectiveRegistry.Create(name, parameters.ToDictionary(p => p.Key, p => p.Value), Context);

    private static string Refused(Func<object> make) => Assert.Throws<UsageException>(make).Message;
}

using Semblance.Training.Objectives;
using Semblance.Training.Proxies;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Cases of losses against proxies, which the case has as its weights.</summary>
internal static class ProxyCase
{
    public static CaseBinding ProxyNca(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("distance", ("squared euclidean of L2-normalised vectors", true));
        return With(file.Hyper.Flag("positive_in_denominator")).Alternative("paper_negatives_only", () => With(false));

        CaseBinding With(bool own) => Bind(file, dtype, "proxy-nca", ("scale", file.Hyper.Real("softmax_scale")), ("own_in_denominator", own));
    }

    public static CaseBinding ProxyAnchor(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("reduction", ("positive term / |P+|, negative term / |P|", true));
        return Bind(file, dtype, "proxy-anchor", ("scale", file.Hyper.Real("alpha")), ("margin", file.Hyper.Real("delta")));
    }

    public static CaseBinding SoftTriple(CaseFile file, ScalarType dtype)
    {
        int centres = file.Hyper.Integer("centers_per_class");
        (string Key, object? Value)[] several = centres == 1 ? [] : [("gamma", file.Hyper.Real("gamma")), ("tau", file.Hyper.Real("tau"))];
        return Bind(
            file, dtype, "soft-triple",
            [("centres", centres), ("scale", file.Hyper.Real("lambda (la)")), ("margin", file.Hyper.Real("delta (margin)")), .. several]);
    }

    private static CaseBinding Bind(CaseFile file, ScalarType dtype, string name, params (string Key, object? Value)[] parameters)
    {
        var objective = (ProxyObjective)ObjectiveRegistry.Create(
            name, parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), new ObjectiveContext(file.Classes, file.Dim, Seed: 0));
        return CaseBinding.Of(file, dtype, objective).Input("weights", objective.Proxies);
    }
}

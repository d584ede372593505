namespace Semblance.Laboratory.Experiments;

/// <summary>The losses of the plane, and what must be set there otherwise than for faces in hundreds of dimensions.</summary>
internal static class PlaneLosses
{
    // Of the scales in use the one at which differences between neighbours of a crowded circle neither saturate nor vanish.
    private const double Scale = 30;

    public static IReadOnlyList<LossChoice> Usual(PlaneOptions options) =>
    [
        Choose("l-softmax", options, ("margin", 1)),
        Choose("l-softmax", options, ("margin", 2)),
        Choose("l-softmax", options, ("margin", 3)),
        Choose("l-softmax", options, ("margin", 4)),
        Choose("softmax", options),
        Choose("center", options, ("weight", 0.001)),
        Choose("center", options, ("weight", 0.01)),
        Choose("center", options, ("weight", 0.1)),
        Choose("normface", options),
        Choose("sphereface", options),
        Choose("cosface", options),
        Choose("arcface", options),
        Choose("contrastive", options),
        Choose("triplet", options),
        Choose("margin", options),
        Choose("supcon", options),
    ];

    /// <summary>Adds what a choice leaves open.</summary>
    public static LossChoice Fitted(LossChoice choice, PlaneOptions options)
    {
        var parameters = new Dictionary<string, object?>(choice.Parameters, StringComparer.Ordinal);
        foreach ((string key, object value) in Settings(choice, options))
        {
            parameters.TryAdd(key, value);
        }

        return choice with { Parameters = parameters };
    }

    // C directions in a plane are 2π/C apart, so that the largest margin that CosFace can reach is 1 − cos(2π/C) (Wang et al. 2018, theorem 2), 0.19 for ten
    // people; half of it is taken. ArcFace's is a third of 2π/C.
    private static (string Key, object Value)[] Settings(LossChoice choice, PlaneOptions options) => choice.Name switch
    {
        "normface" => [("scale", Scale)],
        "cosface" or "am-softmax" => [("scale", Scale), ("margin", Math.Round((1 - Math.Cos(2 * Math.PI / options.Identities)) / 2, 2))],
        "arcface" => [("scale", Scale), ("margin", Math.Round(2.0 / options.Identities, 2))],
        "contrastive" => [("normalise", false)],
        "l-softmax" or "sphereface" => Annealing(choice, options),
        _ => [],
    };

    // The published λ falls over tens of thousands of steps. Here it falls from 1,000 to 0.1 over the first 60 % of the steps: 1,000·(1 + γ·t)^−5.
    private static (string Key, object Value)[] Annealing(LossChoice choice, PlaneOptions options)
    {
        bool unbent = choice.Parameters.TryGetValue("margin", out object? margin) && $"{margin}" == "1";
        return !unbent
            ? [("lambda_gamma", Math.Round((Math.Pow(1e4, 0.2) - 1) / (0.6 * options.Steps), 6)), ("lambda_power", 5.0), ("lambda_minimum", 0.0)]
            : [];
    }

    private static LossChoice Choose(string loss, PlaneOptions options, params (string Key, object Value)[] parameters) =>
        Fitted(new LossChoice(loss, parameters.ToDictionary(pair => pair.Key, pair => (object?)pair.Value)), options);
}

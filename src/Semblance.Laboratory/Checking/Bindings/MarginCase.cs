using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>What the cases of classification over class centres have in common.</summary>
internal static class MarginCase
{
    /// <summary>An objective of the registry with the case's weights as its centres, and its bias and scale where the case has them.</summary>
    public static CaseBinding Bind(CaseFile file, ScalarType dtype, string name, params (string Key, object? Value)[] parameters) =>
        Bind(file, dtype, name, out _, parameters);

    /// <summary>The same, with the objective for whatever else is to be set or compared.</summary>
    public static CaseBinding Bind(
        CaseFile file, ScalarType dtype, string name, out MarginSoftmaxObjective margin, params (string Key, object? Value)[] parameters)
    {
        ObjectiveContext context = new(file.Classes, file.Dim, Seed: 0);
        Objective objective = ObjectiveRegistry.Create(name, parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), context);
        CaseBinding binding = CaseBinding.Of(file, dtype, objective);
        margin = (MarginSoftmaxObjective)objective;
        DenseCentres? dense = margin.Centres as DenseCentres;
        binding.Input("weights", dense is null ? ((SubCentres)margin.Centres).Weight : dense.Weight);
        if (dense?.Bias is { } bias)
        {
            binding.Input("bias", bias);
        }

        if (margin.LearnedScale is { } scale)
        {
            binding.Input("scale", scale);
        }

        return binding;
    }
}

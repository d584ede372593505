using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>What the cases of classification over class centres have in common.</summary>
internal static class MarginCase
{
    /// <summary>An objective of the registry with the case's weights as its centres, and its bias and scale where the case has them.</summary>
    public static CaseBinding Bind(CaseFile file, ScalarType dtype, string name, params (string Key, object? Value)[] parameters)
    {
        ObjectiveContext context = new(file.Classes, file.Dim, Seed: 0);
        Objective objective = ObjectiveRegistry.Create(name, parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), context);
        CaseBinding binding = CaseBinding.Of(file, dtype, objective);
        MarginSoftmaxObjective margin = (MarginSoftmaxObjective)objective;
        DenseCentres centres = (DenseCentres)margin.Centres;
        binding.Input("weights", centres.Weight);
        if (centres.Bias is { } bias)
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

using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class DeepId2JointBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("reduction", ("mean over batch (identification) + lambda * mean over unordered pairs (verification)", true));
        file.Hyper.Choice("distance", ("euclidean", true), ("euclidean (non-squared)", true));
        if (file.Hyper.Flag("normalize_embeddings"))
        {
            throw file.Hyper.Refuse("normalize_embeddings", "false, as published");
        }

        Dictionary<string, object?> parameters = new()
        {
            ["verification_weight"] = file.Hyper.Real("lambda"),
            ["margin_rule"] = "fixed",
            ["margin"] = file.Hyper.Real("margin"),
            ["bias"] = file.Fields.Has("bias"),
        };
        Objective objective = ObjectiveRegistry.Create("deepid2", parameters, new ObjectiveContext(file.Classes, file.Dim, Seed: 0));
        DenseCentres centres = objective.modules().OfType<DenseCentres>().Single();
        CaseBinding binding = CaseBinding.Of(file, dtype, objective)
            .Input("weights", centres.Weight)
            .Number("identification_loss", value => value.Figures["identification.loss"])
            .Number("verification_loss", value => value.Figures["verification.loss"]);
        return centres.Bias is { } bias ? binding.Input("bias", bias) : binding;
    }
}

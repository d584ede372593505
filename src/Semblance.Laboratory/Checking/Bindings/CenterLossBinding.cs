using Semblance.Training.Centres;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>
/// The center loss alone, or beside softmax. Loss and gradients are those of centres as parameters; the centres after the paper's update are
/// those of a second one, which goes through the same batch.
/// </summary>
internal static class CenterLossBinding
{
    private const string Updated = "paper_centers_after_update";

    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        CentrePull pull = Create(file, CentreUpdate.Gradient);
        CaseBinding binding;
        if (file.Fields.Has("weights"))
        {
            DenseCentres classes = new(file.Classes, file.Dim, 0, withBias: true);
            MarginSoftmaxObjective softmax = new("softmax", new SoftmaxLogit(), classes, LogitScale.None);
            binding = CaseBinding.Of(file, dtype, CenterLoss.Join(softmax, pull, file.Hyper.Real("lambda")));
            binding.Input("weights", classes.Weight).Input("bias", classes.Bias!);
        }
        else
        {
            binding = CaseBinding.Of(file, dtype, pull);
        }

        binding.Input("centers", pull.Centres);
        return file.Extras.Has(Updated)
            ? binding.Numbers(Updated, _ => AfterUpdate(file, dtype))
            : binding;
    }

    private static CentrePull Create(CaseFile file, CentreUpdate update)
    {
        BatchReduction reduction = file.Hyper.Text("reduction").StartsWith("sum", StringComparison.Ordinal) ? BatchReduction.Sum : BatchReduction.Mean;
        return new CentrePull(file.Classes, file.Dim, 0, update, file.Hyper.Real("alpha (centre learning rate)"), reduction);
    }

    private static double[] AfterUpdate(CaseFile file, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        using CentrePull pull = Create(file, CentreUpdate.Paper);
        pull.to(dtype);
        pull.Centres.copy_(file.Fields.Tensor("centers", dtype));
        pull.Evaluate(file.Fields.Tensor("embeddings", dtype), tensor(file.Fields.Integers("labels")));
        return pull.Centres.to_type(ScalarType.Float64).reshape(-1).data<double>().ToArray();
    }
}

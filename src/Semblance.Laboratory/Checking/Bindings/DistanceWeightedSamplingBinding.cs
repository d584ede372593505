using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>The probabilities of distance-weighted sampling, from the distances that the case has: as coded, and as the paper has it.</summary>
internal static class DistanceWeightedSamplingBinding
{
    // No distance on the sphere is greater: nothing is left out.
    private const double NoCutoff = 3;

    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        int dimension = file.Hyper.Integer("n (embedding dimension in q)");
        double cutoff = file.Hyper.Real("cutoff");
        CaseBinding binding = CaseBinding.WithoutLoss(file, dtype);
        Compare(file.Expected, "", file.Hyper.Real("nonzero_loss_cutoff"), (distances, _) => SphereDistances.LogInverse(dimension, distances.clamp_min(cutoff)));
        foreach (CaseFields alternative in file.Alternatives.Where(a => a.Text("name") == "paper_min_lambda_no_upper_cutoff"))
        {
            Compare(alternative, "paper_", NoCutoff, (distances, largest) =>
                SphereDistances.LogInverse(dimension, distances.clamp_min(cutoff)).clamp_max(largest));
        }

        return binding;

        void Compare(CaseFields expected, string prefix, double nonzeroLossCutoff, Func<Tensor, double, Tensor> logInverse)
        {
            double largest = SphereDistances.LogInverse(dimension, cutoff);
            binding
                .Compare(_ => Numbers(expected, prefix, "log_inverse_density", distances => logInverse(distances, largest), exact: false))
                .Compare(_ => Numbers(expected, prefix, "negative_probabilities", Probabilities, exact: false))
                .Compare(_ => Numbers(expected, prefix, "rows_without_candidates", distances => Probabilities(distances).any(1).logical_not().nonzero(), exact: true));

            Tensor Probabilities(Tensor distances) => new DistanceWeightedMiner(cutoff, nonzeroLossCutoff)
                .Probabilities(distances, IdentityRelations.Of(file.Labels()).Different, dimension);
        }

        CaseExtra Numbers(CaseFields expected, string prefix, string name, Func<Tensor, Tensor> ours, bool exact)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor values = ours(file.Inputs.Tensor("distances", dtype)).to_type(ScalarType.Float64);
            return new CaseExtra(prefix + name, values.numel() == 0 ? [] : values.data<double>().ToArray(), expected.Reals(name), exact);
        }
    }
}

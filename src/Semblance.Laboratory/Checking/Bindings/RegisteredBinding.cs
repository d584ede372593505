using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>
/// A loss by its registered name, with the case's field "parameters" as a config has them. An input of the case goes to the objective's
/// parameter of that meaning.
/// </summary>
internal static class RegisteredBinding
{
    /// <summary>The field of a case that asks for this.</summary>
    public const string Field = "parameters";

    private static readonly (string Field, string[] Parameters)[] Inputs =
    [
        ("weights", ["weight", "weights", "proxies"]), ("bias", ["bias", "threshold"]), ("scale", ["scale"]), ("beta", ["beta"]), ("centers", ["centres"]),
    ];

    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        ObjectiveContext context = new(Math.Max(1, file.Classes), file.Dim, Seed: 0);
        Objective objective = ObjectiveRegistry.Create(file.Name, file.Fields.Section(Field).Values(), context);
        CaseBinding binding = CaseBinding.Of(file, dtype, objective);
        foreach ((string field, string[] names) in Inputs)
        {
            if (file.Fields.Has(field))
            {
                binding.Input(field, Parameter(file, objective, field, names));
            }
        }

        return binding;
    }

    private static Tensor Parameter(CaseFile file, Objective objective, string field, string[] names)
    {
        (string Name, TorchSharp.Modules.Parameter Parameter)[] found =
            [.. objective.named_parameters().Where(p => names.Contains(p.name.Split('.')[^1])).Select(p => (p.name, p.parameter))];
        return found.Length == 1
            ? found[0].Parameter
            : throw new SemblanceException(
                $"{file.Path}: '{field}' belongs to {(found.Length == 0 ? "no parameter" : $"several parameters ({string.Join(", ", found.Select(f => f.Name))})")} of the loss '{file.Name}'.");
    }
}

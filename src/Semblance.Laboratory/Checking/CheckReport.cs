using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>What the check of many cases gave.</summary>
/// <param name="Outcomes">One for each case and dtype, followed by its alternative definitions.</param>
public sealed record CheckReport(IReadOnlyList<CaseOutcome> Outcomes)
{
    /// <summary>How many hold.</summary>
    public int Passed => Outcomes.Count(o => o.Result == CaseResult.Pass);

    /// <summary>How many do not, or could not be evaluated.</summary>
    public int Failed => Outcomes.Count(o => o.Result == CaseResult.Fail);

    /// <summary>How many are about metrics that Semblance does not compute.</summary>
    public int Unchecked => Outcomes.Count(o => o.Result == CaseResult.Unchecked);

    /// <summary>Checks the cases of some paths.</summary>
    /// <param name="paths">Files, and folders that are searched with all that is below.</param>
    /// <param name="dtypes">float64, float32 or both; a metric is checked once, in float64.</param>
    /// <param name="cancellationToken">Ends it between two cases.</param>
    /// <exception cref="SemblanceException">A path does not exist, or a folder holds no case.</exception>
    public static CheckReport Of(IEnumerable<string> paths, IReadOnlyList<ScalarType> dtypes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dtypes);
        List<CaseOutcome> outcomes = [];
        foreach (string path in CaseCollection.Find(paths))
        {
            HashSet<string> done = [];
            foreach (ScalarType dtype in dtypes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                CaseOutcome outcome = CaseChecker.Check(path, dtype);
                // A metric, or a file that cannot be read, gives the same whatever the dtype.
                if (outcome.Loss.Length > 0 ? done.Add(outcome.Dtype) : done.Add(""))
                {
                    outcomes.Add(outcome);
                    outcomes.AddRange(outcome.Alternatives);
                }
            }
        }

        return new CheckReport(outcomes);
    }
}

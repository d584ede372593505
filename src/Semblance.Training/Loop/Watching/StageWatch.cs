using System.Text.Json;
using Semblance.Training.Loop.Watching.Conditions;

namespace Semblance.Training.Loop.Watching;

/// <summary>
/// Watches a stage for the ways in which training fails to converge. Steps are gathered into windows; after each window the conditions
/// look at the latest ones. A condition speaks once, and again only after it has been away for some looks, so that one window out of line is no new beginning.
/// </summary>
internal sealed class StageWatch
{
    private const int StepsBetweenMeasures = 5;
    private const int StepsBetweenWeightChanges = 10;
    private const int StartSteps = 5;
    private const int LooksUntilAway = 6;

    private readonly RunningMeans _window = new();
    private readonly RunningMeans _log = new();
    private readonly AngleHistogram _angles = new();
    private readonly SortedDictionary<string, int> _spoken = new(StringComparer.Ordinal);
    private WatchRecord _record;

    /// <summary>Begins.</summary>
    /// <param name="stage">The stage.</param>
    public StageWatch(StageFacts stage) => _record = new WatchRecord { Stage = stage };

    /// <summary>Target angles of the epoch so far.</summary>
    public AngleHistogram Angles => _angles;

    /// <summary>What a step should measure; what costs is measured every few steps.</summary>
    /// <param name="step">The step within the stage, from 0.</param>
    public static StepMeasures Wanted(long step) =>
        (step < StartSteps || step % StepsBetweenMeasures == 0 ? StepMeasures.Embeddings | StepMeasures.GradientNorm : StepMeasures.None)
        | (step % StepsBetweenWeightChanges == StepsBetweenWeightChanges / 2 ? StepMeasures.WeightChange : StepMeasures.None);

    /// <summary>An epoch begins.</summary>
    /// <param name="coverage">What it meets.</param>
    /// <param name="resumed">Whether it goes on in its middle.</param>
    public void BeginEpoch(ClassCoverage coverage, bool resumed)
    {
        _record = _record with { IdentitiesInEpoch = coverage.Planned };
        if (!resumed)
        {
            _angles.Restore();
        }
    }

    /// <summary>Takes in a step.</summary>
    /// <param name="step">The step within the stage, from 0.</param>
    /// <param name="outcome">What it gave.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="marginFraction">How far the margin's warm-up has come.</param>
    /// <param name="labels">The identities of the batch.</param>
    /// <returns>What is to be said now.</returns>
    public IReadOnlyList<(string Condition, string Message)> Add(
        long step, StepOutcome outcome, double rate, double marginFraction, ReadOnlySpan<long> labels)
    {
        foreach ((string figure, double value) in outcome.Figures.Where(pair => pair.Key != WatchFigures.Loss).Concat(Watched(outcome, marginFraction)))
        {
            _window.Add(figure, value);
            _log.Add(figure, value);
        }

        foreach ((string figure, double value) in OfParts(outcome.Figures))
        {
            _window.Add(figure, value);
        }

        // The log has its own mean of the loss, and the rate of its last step.
        _window.Add(WatchFigures.Loss, outcome.Loss);
        _window.Add(WatchFigures.LearningRate, rate);
        _window.Add(WatchFigures.ComparableBatches, Comparable(labels) ? 1 : 0);
        if (outcome.GradientNorm is { } norm && _record.Stage.ClipNorm > 0)
        {
            _window.Add(WatchFigures.Clipped, norm > _record.Stage.ClipNorm ? 1 : 0);
        }

        if (outcome.TargetAngles is { } angles)
        {
            _angles.Add(angles);
        }

        int length = _record.Stage.WindowSteps;
        if (_record.Start is null && step + 1 >= StartSteps)
        {
            // Taken from the first window while that is still open.
            var start = new RunningMeans();
            start.Restore(_window.Sums);
            _record = _record with { Start = new WatchWindow(0, StartSteps, start.Close()) };
        }

        if ((step + 1) % length != 0)
        {
            return [];
        }

        var window = new WatchWindow(step + 1 - length, length, _window.Close());
        _record = _record with { Windows = [.. _record.Windows.TakeLast(WatchRecord.MostWindows - 1), window] };
        return Look();
    }

    /// <summary>Means of the objective's and the watched figures since the last call.</summary>
    public IReadOnlyDictionary<string, double> CloseLogWindow() => _log.Close();

    /// <summary>Looks at what the stage has shown so far; also called at an epoch's end, which a short stage reaches before its first window.</summary>
    /// <returns>What is to be said now.</returns>
    public IReadOnlyList<(string Condition, string Message)> Look()
    {
        var said = new List<(string, string)>();
        foreach (WatchCondition condition in WatchConditions.All)
        {
            if (condition.Seen(_record) is { } message)
            {
                if (!_spoken.ContainsKey(condition.Name))
                {
                    said.Add((condition.Name, message));
                }

                _spoken[condition.Name] = 0;
            }
            else if (_spoken.TryGetValue(condition.Name, out int looks))
            {
                _spoken[condition.Name] = looks + 1;
                if (looks + 1 >= LooksUntilAway)
                {
                    _spoken.Remove(condition.Name);
                }
            }
        }

        return said;
    }

    /// <summary>The state for a checkpoint.</summary>
    public string Save() => JsonSerializer.Serialize(new WatchState
    {
        Sums = _window.Sums,
        Windows = _record.Windows,
        Start = _record.Start,
        Spoken = _spoken,
        Angles = _angles.Counts,
    });

    /// <summary>Takes up a saved state.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    public void Restore(string saved)
    {
        WatchState state = JsonSerializer.Deserialize<WatchState>(saved) ?? throw new JsonException("is null");
        _window.Restore(state.Sums);
        _record = _record with { Windows = state.Windows, Start = state.Start };
        _angles.Restore(state.Angles);
        _spoken.Clear();
        foreach ((string name, int looks) in state.Spoken)
        {
            _spoken.Add(name, looks);
        }
    }

    // A joint objective's figures carry their part's name; conditions look at the first part that has a figure.
    private static IEnumerable<KeyValuePair<string, double>> OfParts(IReadOnlyDictionary<string, double> figures)
    {
        var taken = new HashSet<string>(figures.Keys, StringComparer.Ordinal) { WatchFigures.Loss };
        foreach ((string name, double value) in figures)
        {
            string last = name[(name.LastIndexOf('.') + 1)..];
            if (taken.Add(last))
            {
                yield return new(last, value);
            }
        }
    }

    private IEnumerable<KeyValuePair<string, double>> Watched(StepOutcome outcome, double marginFraction)
    {
        IReadOnlyDictionary<string, double> figures = outcome.Figures;
        double? tuples = First(figures, WatchFigures.Tuples);
        if (tuples > 0 && First(figures, WatchFigures.ActiveTuples) is { } active)
        {
            yield return new(WatchFigures.ActiveShare, active / tuples.Value);
        }

        if (_record.Stage.MarginWarmUpSteps > 0)
        {
            yield return new(WatchFigures.MarginFraction, marginFraction);
        }

        if (outcome.GradientNorm is { } norm)
        {
            yield return new(WatchFigures.GradientNorm, norm);
        }

        if (outcome.UpdateRatio is { } ratio)
        {
            yield return new(WatchFigures.UpdateRatio, ratio);
        }

        if (outcome.Embeddings is { } embeddings)
        {
            yield return new(WatchFigures.EmbeddingNorm, embeddings.Norm);
            yield return new(WatchFigures.EmbeddingVariance, embeddings.Variance);
        }
    }

    private static double? First(IReadOnlyDictionary<string, double> figures, string name) =>
        figures.TryGetValue(name, out double value) ? value
        : figures.Keys.FirstOrDefault(key => key.EndsWith("." + name, StringComparison.Ordinal)) is { } key ? figures[key]
        : null;

    private static bool Comparable(ReadOnlySpan<long> labels)
    {
        var people = new HashSet<long>();
        foreach (long label in labels)
        {
            people.Add(label);
        }

        return people.Count > 1 && people.Count < labels.Length;
    }
}

using System.Diagnostics;

namespace Semblance.Training.Loop;

/// <summary>Sums up where training time goes.</summary>
internal sealed class StepClock
{
    private long _images;
    private double _windowSeconds;
    private double _windowWait;
    private long _windowImages;
    private double _windowLoss;
    private int _windowSteps;

    /// <summary>Seconds in steps and waiting, in all.</summary>
    public double Seconds { get; private set; }

    /// <summary>Seconds that steps waited for data, in all.</summary>
    public double WaitSeconds { get; private set; }

    /// <summary>Mean loss of the last closed window.</summary>
    public double? WindowLoss { get; private set; }

    /// <summary>Images per second in all.</summary>
    public double ImagesPerSecond => Seconds > 0 ? _images / Seconds : 0;

    /// <summary>Share of the time that steps waited.</summary>
    public double WaitShare => Seconds > 0 ? WaitSeconds / Seconds : 0;

    /// <summary>Takes in one step.</summary>
    public void Add(long started, long gotBatch, int images, double loss)
    {
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double wait = Stopwatch.GetElapsedTime(started, gotBatch).TotalSeconds;
        Seconds += seconds;
        WaitSeconds += wait;
        _images += images;
        _windowSeconds += seconds;
        _windowWait += wait;
        _windowImages += images;
        _windowLoss += loss;
        _windowSteps++;
    }

    /// <summary>Figures of the steps since the last call, which starts a new window.</summary>
    public IEnumerable<KeyValuePair<string, double>> CloseWindow()
    {
        WindowLoss = _windowLoss / Math.Max(1, _windowSteps);
        KeyValuePair<string, double>[] figures =
        [
            new("loss", WindowLoss.Value),
            new("images_per_second", _windowImages / Math.Max(1e-9, _windowSeconds)),
            new("data_wait_share", _windowWait / Math.Max(1e-9, _windowSeconds)),
        ];
        (_windowSeconds, _windowWait, _windowImages, _windowLoss, _windowSteps) = (0, 0, 0, 0, 0);
        return figures;
    }
}

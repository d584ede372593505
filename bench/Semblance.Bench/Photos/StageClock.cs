using System.Diagnostics;
using System.Globalization;

namespace Semblance.Bench.Photos;

/// <summary>What a photograph goes through.</summary>
internal enum Stage
{
    /// <summary>From the file's bytes to upright pixels.</summary>
    Decode,

    /// <summary>Boxes, and points where the detector gives them.</summary>
    Detect,

    /// <summary>Points by a model of their own.</summary>
    Landmarks,

    /// <summary>Transform, crop and quality.</summary>
    Align,

    /// <summary>Normalising and embedding the crop.</summary>
    Embed,
}

/// <summary>Time by stage, of one worker while it runs and of all after it.</summary>
internal sealed class StageClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<Stage>().Length];
    private readonly Lock _gate = new();
    private long _photos;
    private long _last;

    /// <summary>A photo begins.</summary>
    public void Start()
    {
        _photos++;
        _last = Stopwatch.GetTimestamp();
    }

    /// <summary>A stage ended.</summary>
    public void Lap(Stage stage)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)stage] += now - _last;
        _last = now;
    }

    /// <summary>Adds what another clock has measured; safe from several threads.</summary>
    public void Add(StageClock other)
    {
        lock (_gate)
        {
            for (int i = 0; i < _ticks.Length; i++)
            {
                _ticks[i] += other._ticks[i];
            }

            _photos += other._photos;
        }
    }

    /// <summary>Milliseconds of a photo by stage.</summary>
    public string Describe() => string.Join(", ", Enum.GetValues<Stage>().Select(stage =>
        string.Create(CultureInfo.InvariantCulture, $"{stage.ToString().ToLowerInvariant()} {_ticks[(int)stage] * 1000.0 / Stopwatch.Frequency / Math.Max(1, _photos):F2}")));
}

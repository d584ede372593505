namespace Semblance.Data.Tests.Support;

/// <summary>Keeps what was reported, on the reporting thread.</summary>
internal sealed class RecordedProgress : IProgress<WorkProgress>
{
    public List<WorkProgress> Reports { get; } = [];

    public WorkProgress Last => Reports[^1];

    public void Report(WorkProgress value) => Reports.Add(value);
}

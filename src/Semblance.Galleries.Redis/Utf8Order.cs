using System.Text;

namespace Semblance.Galleries.Redis;

/// <summary>Names in the order of their UTF-8 bytes, as the server keeps them.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static readonly Utf8Order Instance = new();

    public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
}

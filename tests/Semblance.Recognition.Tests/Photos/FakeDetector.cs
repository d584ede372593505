using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Tests.Photos;

/// <summary>Reports faces that were put down for a photo's size, and counts how often it was asked.</summary>
internal sealed class FakeDetector(Func<PixelBuffer, IReadOnlyList<DetectedFace>> detect) : IFaceDetector
{
    private int _calls;

    public FakeDetector(params DetectedFace[] faces)
        : this(_ => faces)
    {
    }

    public string Name { get; init; } = "fake";

    public int Calls => _calls;

    public bool IsDisposed { get; private set; }

    /// <summary>A face seen from the front: the ArcFace template's points, its middle at a place, so many pixels between the eyes.</summary>
    public static DetectedFace Face(float x, float y, float eyes, float score = 0.9f, float turn = 0)
    {
        FaceLandmarks points = AlignmentTemplate.ArcFace.Points;
        Vector2[] p = [.. points.ToPoints().Select(point => new Vector2(x, y) + Vector2.Transform((point - new Vector2(55.5f, 72)) * (eyes / 35.24f), Matrix3x2.CreateRotation(turn)))];
        return new DetectedFace(
            new FaceBox(x - eyes, y - (1.4f * eyes), x + eyes, y + (1.4f * eyes)), score, new FaceLandmarks(p[0], p[1], p[2], p[3], p[4]));
    }

    public IReadOnlyList<DetectedFace> Detect(PixelBuffer photo)
    {
        Interlocked.Increment(ref _calls);
        return detect(photo);
    }

    public void Dispose() => IsDisposed = true;
}

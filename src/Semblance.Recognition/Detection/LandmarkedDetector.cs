using Semblance.Imaging;

namespace Semblance.Recognition.Detection;

/// <summary>A detector whose faces get their landmarks from a model of their own, at the photo's full resolution.</summary>
public sealed class LandmarkedDetector : IFaceDetector
{
    private readonly IFaceDetector _detector;
    private readonly ILandmarkModel _landmarks;

    /// <summary>Joins a detector and a landmark model; both are disposed of with it.</summary>
    /// <param name="detector">Finds the faces. Landmarks that it gives itself are replaced.</param>
    /// <param name="landmarks">Finds the points in each.</param>
    public LandmarkedDetector(IFaceDetector detector, ILandmarkModel landmarks)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(landmarks);
        (_detector, _landmarks) = (detector, landmarks);
    }

    /// <inheritdoc/>
    public string Name => $"{_detector.Name} + {_landmarks.Name}";

    /// <inheritdoc/>
    public IReadOnlyList<DetectedFace> Detect(PixelBuffer photo)
    {
        IReadOnlyList<DetectedFace> faces = _detector.Detect(photo);
        var landmarked = new DetectedFace[faces.Count];
        for (int i = 0; i < landmarked.Length; i++)
        {
            landmarked[i] = faces[i] with { Landmarks = _landmarks.Locate(photo, faces[i].Box) };
        }

        return landmarked;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _detector.Dispose();
        _landmarks.Dispose();
    }
}

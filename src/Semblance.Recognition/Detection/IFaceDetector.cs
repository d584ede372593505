using Semblance.Imaging;

namespace Semblance.Recognition.Detection;

/// <summary>Finds faces in photos, whatever model does it. Safe to call from several threads at once, each photo on one thread.</summary>
public interface IFaceDetector : IDisposable
{
    /// <summary>The model's name, for messages.</summary>
    string Name { get; }

    /// <summary>Finds all faces of a photo.</summary>
    /// <param name="photo">The photo, upright, of any size, RGB or grey.</param>
    /// <returns>The faces by falling score; empty where there is none.</returns>
    /// <exception cref="SemblanceException">The model fails.</exception>
    IReadOnlyList<DetectedFace> Detect(PixelBuffer photo);
}

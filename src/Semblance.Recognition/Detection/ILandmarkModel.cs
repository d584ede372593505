using Semblance.Imaging;

namespace Semblance.Recognition.Detection;

/// <summary>Finds the points of a face whose box is known. Safe to call from several threads at once.</summary>
public interface ILandmarkModel : IDisposable
{
    /// <summary>The model's name, for messages.</summary>
    string Name { get; }

    /// <summary>Finds the points.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="box">The face's box in pixels of the photo; may reach over the border.</param>
    /// <exception cref="SemblanceException">The model fails.</exception>
    FaceLandmarks Locate(PixelBuffer photo, FaceBox box);
}

using Semblance.Imaging;

namespace Semblance.Recognition.Detection;

/// <summary>A face that a detector found in a photo.</summary>
/// <param name="Box">Where it is, in pixels of the photo.</param>
/// <param name="Score">The detector's confidence in [0, 1].</param>
/// <param name="Landmarks">Its points; null where the detector gives none (then a landmark model follows, see <see cref="ILandmarkModel"/>).</param>
public sealed record DetectedFace(FaceBox Box, float Score, FaceLandmarks? Landmarks);

using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>A face of a photo, ready to be embedded.</summary>
/// <param name="Box">Where it is, in pixels of the photo.</param>
/// <param name="Landmarks">Its points, in pixels of the photo.</param>
/// <param name="Transform">From pixels of the photo to pixels of the crop.</param>
/// <param name="Crop">The aligned crop.</param>
/// <param name="Quality">How well it can be recognised.</param>
public sealed record FoundFace(FaceBox Box, FaceLandmarks Landmarks, SimilarityTransform Transform, PixelBuffer Crop, FaceQuality Quality);

using Semblance.Imaging;

namespace Semblance.Recognition.Clustering;

/// <summary>A face of a collection of photographs.</summary>
/// <param name="Photo">The photo's path in its collection.</param>
/// <param name="Number">Its number among the faces found in the photo, from 1: the main one.</param>
/// <param name="Box">Where it is, in pixels of the upright photo; null where the image is an aligned crop.</param>
/// <param name="Embedding">Its embedding, of unit length.</param>
public sealed record CollectedFace(string Photo, int Number, FaceBox? Box, float[] Embedding);

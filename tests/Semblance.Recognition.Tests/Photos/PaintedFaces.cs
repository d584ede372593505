using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Tests.Photos;

/// <summary>
/// Photos with faces that a detector of exact answers finds: each is a square of its own colour whose upper left pixel is pure red 255, with
/// the side in its green value.
/// </summary>
internal sealed class PaintedFaces : IFaceDetector
{
    public string Name => "painted faces";

    public int Calls { get; private set; }

    public static PixelBuffer Photo(int width, int height, params (int X, int Y, int Side)[] faces)
    {
        byte[] data = new byte[width * height * 3];
        foreach ((int x, int y, int side) in faces)
        {
            for (int v = 0; v < side; v++)
            {
                for (int u = 0; u < side; u++)
                {
                    int at = 3 * (((y + v) * width) + x + u);
                    (data[at], data[at + 1], data[at + 2]) = ((byte)(((u ^ v) & 1) * 120), (byte)(60 + u), (byte)(60 + v));
                }
            }

            (data[3 * ((y * width) + x)], data[(3 * ((y * width) + x)) + 1]) = (255, (byte)side);
        }

        return new PixelBuffer(width, height, 3, data);
    }

    public IReadOnlyList<DetectedFace> Detect(PixelBuffer photo)
    {
        lock (this)
        {
            Calls++;
        }

        var faces = new List<DetectedFace>();
        for (int i = 0; photo.Channels == 3 && i < photo.Width * photo.Height; i++)
        {
            if (photo.Data[3 * i] == 255)
            {
                float x = i % photo.Width, y = i / photo.Width, side = photo.Data[(3 * i) + 1], scale = side / 112f;
                FaceLandmarks p = AlignmentTemplate.ArcFace.Points;
                Vector2 At(Vector2 point) => (point * scale) + new Vector2(x, y);
                faces.Add(new DetectedFace(
                    new FaceBox(x, y, x + side, y + side), 0.9f, new FaceLandmarks(At(p.LeftEye), At(p.RightEye), At(p.Nose), At(p.MouthLeft), At(p.MouthRight))));
            }
        }

        return faces;
    }

    public void Dispose()
    {
    }
}

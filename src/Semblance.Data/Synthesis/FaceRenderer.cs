using System.Buffers;
using System.Runtime.InteropServices;
using Semblance.Data.Synthesis.Painting;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis;

/// <summary>Draws one image: background, person from back to front, light, what hides the face, and the camera.</summary>
internal static class FaceRenderer
{
    private const int Oversampling = 2;
    private const int ReliefSize = 80;

    /// <summary>Draws a person under the given circumstances.</summary>
    /// <returns>size × size × 3 bytes, RGB.</returns>
    public static byte[] Render(FaceIdentity person, FaceNuisance scene, int size)
    {
        int side = size * Oversampling;
        int bytes = side * side * 4;
        byte[] drawn = ArrayPool<byte>.Shared.Rent(bytes);
        float[] work = ArrayPool<float>.Shared.Rent(2 * size * size * 3);
        GCHandle pin = GCHandle.Alloc(drawn, GCHandleType.Pinned);
        try
        {
            CountedRandom random = scene.Details;
            var info = new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul);
            using (SKSurface surface = SKSurface.Create(info, pin.AddrOfPinnedObject(), side * 4))
            {
                surface.Canvas.Scale(side / 112f);
                using var sketch = new FaceSketch(surface.Canvas, scene.Pose);
                BackgroundPainter.Paint(sketch, ref random);
                surface.Canvas.SaveLayer();
                PaintPerson(sketch, person, scene, ref random);
                PaintLight(sketch, person, scene);
                surface.Canvas.Restore();
            }

            byte[] image = new byte[size * size * 3];
            SensorModel.Develop(drawn.AsSpan(0, bytes), size, Oversampling, scene.Sensor, ref random, work, image);
            return image;
        }
        finally
        {
            pin.Free();
            ArrayPool<byte>.Shared.Return(drawn);
            ArrayPool<float>.Shared.Return(work);
        }
    }

    private static void PaintPerson(FaceSketch sketch, FaceIdentity person, FaceNuisance scene, ref CountedRandom random)
    {
        HairPainter.PaintBack(sketch, person, scene);
        HeadPainter.PaintNeckAndClothes(sketch, person.Head, BackgroundPainter.Color(ref random), random.Range(50, 66));
        HeadPainter.PaintEars(sketch, person.Head);
        using (SKPath outline = HeadPainter.Outline(sketch, person.Head))
        {
            HeadPainter.PaintSkin(sketch, person, outline);
            sketch.Stroke(outline, person.Head.Skin.Lit(0.6f).Faded(0.35f), 0.9f);
        }

        MarkPainter.Paint(sketch, person.Marks);
        BeardPainter.Paint(sketch, person);
        MouthPainter.Paint(sketch, person, scene);
        EyePainter.Paint(sketch, person, scene);
        BrowPainter.Paint(sketch, person, scene);
        NosePainter.Paint(sketch, person);
        HairPainter.PaintFront(sketch, person, scene, ref random);
        if (scene.WearsGlasses && scene.Occlusion != Occlusion.Sunglasses)
        {
            GlassesPainter.Paint(sketch, person, person.Glasses!, new SKColor(220, 235, 245, 34));
        }

        OcclusionPainter.Paint(sketch, person, scene.Occlusion, ref random);
    }

    // Multiplies what has been drawn of the person, and only that, by the light on the relief.
    private static void PaintLight(FaceSketch sketch, FaceIdentity person, FaceNuisance scene)
    {
        byte[] light = ArrayPool<byte>.Shared.Rent(ReliefSize * ReliefSize * 4);
        GCHandle pin = GCHandle.Alloc(light, GCHandleType.Pinned);
        try
        {
            new FaceRelief(person, scene).Shade(light, ReliefSize);
            var info = new SKImageInfo(ReliefSize, ReliefSize, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using SKImage map = SKImage.FromPixels(info, pin.AddrOfPinnedObject(), ReliefSize * 4);
            using var paint = new SKPaint { BlendMode = SKBlendMode.Modulate };
            sketch.Canvas.DrawImage(map, new SKRect(0, 0, 112, 112), new SKSamplingOptions(SKFilterMode.Linear), paint);
        }
        finally
        {
            pin.Free();
            ArrayPool<byte>.Shared.Return(light);
        }
    }
}

using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Beard, stubble and moustache; painted before the mouth, so that the lips lie on top.</summary>
internal static class BeardPainter
{
    public static void Paint(FaceSketch sketch, FaceIdentity person)
    {
        BeardTraits beard = person.Beard;
        HeadTraits head = person.Head;
        MouthTraits mouth = person.Mouth;
        SKColor color = person.Hair.Color.Lit(0.85f).Mix(new SKColor(50, 36, 30), 0.3f);
        HeadPose pose = sketch.Pose;
        float below = head.ChinHeight + beard.Length;
        if (beard.Cheeks > 0)
        {
            float cheek = beard.CheekLine;
            float jaw = head.JawWidth;
            sketch.Fill(
                [
                    pose.ProjectRim(-head.CheekWidth * 0.99f, -8, 2), sketch.At(-jaw * 0.86f, cheek - 3), sketch.At(-mouth.Width - 4, cheek + 1),
                    sketch.At(-mouth.Width - 2, mouth.Height), sketch.At(-6, mouth.Height + mouth.LowerLip + 3), sketch.At(6, mouth.Height + mouth.LowerLip + 3),
                    sketch.At(mouth.Width + 2, mouth.Height), sketch.At(mouth.Width + 4, cheek + 1), sketch.At(jaw * 0.86f, cheek - 3),
                    pose.ProjectRim(head.CheekWidth * 0.99f, -8, 2), pose.ProjectRim(jaw + 0.6f, head.JawHeight, 8),
                    pose.ProjectRim(head.ChinWidth + 3, head.ChinHeight - 4, 14), pose.ProjectRim(0, below, 18),
                    pose.ProjectRim(-head.ChinWidth - 3, head.ChinHeight - 4, 14), pose.ProjectRim(-jaw - 0.6f, head.JawHeight, 8),
                ],
                color.Faded(beard.Cheeks), 1.2f);
        }
        else if (beard.Chin > 0)
        {
            float width = MathF.Max(7, head.ChinWidth * 0.75f);
            sketch.Fill(
                [
                    sketch.At(-mouth.Width * 0.9f, mouth.Height + 2), sketch.At(0, mouth.Height + mouth.LowerLip + 1.5f), sketch.At(mouth.Width * 0.9f, mouth.Height + 2),
                    pose.ProjectRim(width, head.ChinHeight - 3, 16), pose.ProjectRim(0, below, 18), pose.ProjectRim(-width, head.ChinHeight - 3, 16),
                ],
                color.Faded(beard.Chin), 0.9f);
        }

        if (beard.Moustache > 0)
        {
            float y = mouth.Height - mouth.UpperLip;
            float half = beard.MoustacheSize;
            float width = mouth.Width * 0.98f;
            sketch.Fill(
                [
                    sketch.At(-width, mouth.Height + 0.8f, 3), sketch.At(-width * 0.5f, y - half - 0.6f, 4), sketch.At(0, y - half + 0.4f, 4),
                    sketch.At(width * 0.5f, y - half - 0.6f, 4), sketch.At(width, mouth.Height + 0.8f, 3), sketch.At(width * 0.5f, y + 1, 4),
                    sketch.At(0, y + 0.8f, 4), sketch.At(-width * 0.5f, y + 1, 4),
                ],
                color.Faded(beard.Moustache), 0.6f);
        }
    }
}

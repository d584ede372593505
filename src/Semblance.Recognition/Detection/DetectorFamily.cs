namespace Semblance.Recognition.Detection;

/// <summary>The families of detection models that can be opened, by the names that packs and options use.</summary>
public static class DetectorFamily
{
    /// <summary>SCRFD of InsightFace (det_500m, det_2.5g, det_10g, scrfd_*): one score, one box and five points per anchor at strides 8, 16, 32 and further.</summary>
    public const string Scrfd = "scrfd";

    /// <summary>RetinaFace: InsightFace's maps (R50, mnet.25) and the PyTorch exports with priors (loc, conf, landms), raw or decoded.</summary>
    public const string RetinaFace = "retinaface";

    /// <summary>YuNet of the OpenCV zoo: the layout of 2023 (cls, obj, bbox, kps) and that of 2022 (loc, conf, iou).</summary>
    public const string YuNet = "yunet";

    /// <summary>BlazeFace of MediaPipe: short range (128), back camera (256) and full range (192).</summary>
    public const string BlazeFace = "blazeface";

    /// <summary>Ultra-Light (RFB-320, slim-320, RFB-640): boxes alone, raw or decoded; needs a landmark model for alignment.</summary>
    public const string UltraLight = "ultralight";

    /// <summary>A model of 68 points in a grey crop, which follows a detector (<see cref="FaceDetectors.OpenLandmarks"/>).</summary>
    public const string Landmarks68 = "landmarks68";

    /// <summary>The families that find faces, in the order in which they are tried.</summary>
    public static IReadOnlyList<string> Detectors { get; } = [Scrfd, RetinaFace, YuNet, BlazeFace, UltraLight];
}

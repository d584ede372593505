using System.Numerics;
using CsCheck;
using Semblance.Imaging;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public sealed class FacePoseTests
{
    // The mean head of FacePose; what is tested is that turning it is seen.
    private static readonly Vector3[] Head =
        [new(-0.5f, -0.540f, 0.054f), new(0.5f, -0.540f, 0.054f), new(0, 0.021f, -0.492f), new(-0.401f, 0.530f, 0.192f), new(0.401f, 0.530f, 0.192f)];

    private static readonly Gen<FacePose> Poses = Gen.Select(Gen.Double[-80, 80], Gen.Double[-70, 70], Gen.Double[-179, 179], (yaw, pitch, roll) => new FacePose(yaw, pitch, roll));

    [Fact]
    public void A_turned_head_is_seen_turned_by_five_points_and_by_four() => Gen.Select(Poses, Gen.Double[5, 500], Gen.Bool).Sample((pose, size, four) =>
    {
        FacePose found = FacePose.Of(Seen(Head, pose, size, four));
        Assert.Equal(pose.Yaw, found.Yaw, 0.05);
        Assert.Equal(pose.Pitch, found.Pitch, 0.05);
        Assert.Equal(pose.Roll, found.Roll, 0.05);
    });

    [Fact]
    public void The_signs_are_those_of_the_description()
    {
        FaceLandmarks front = AlignmentTemplate.ArcFace.Points;
        Assert.True(FacePose.Of(front with { Nose = front.Nose + new Vector2(8, 0) }).Yaw > 10);
        Assert.True(FacePose.Of(front with { Nose = front.Nose + new Vector2(0, 6) }).Pitch > FacePose.Of(front).Pitch + 5);
        Assert.True(FacePose.Of(front with { RightEye = front.RightEye + new Vector2(0, 8), MouthRight = front.MouthRight + new Vector2(0, 8) }).Roll > 5);
    }

    [Fact]
    public void The_template_looks_into_the_camera()
    {
        FacePose pose = FacePose.Of(AlignmentTemplate.ArcFace.Points);
        Assert.InRange(Math.Abs(pose.Yaw), 0, 2);
        Assert.InRange(Math.Abs(pose.Pitch), 0, 8);
        Assert.InRange(Math.Abs(pose.Roll), 0, 1);
    }

    [Fact]
    public void Errors_of_a_twentieth_of_the_eyes_distance_move_the_angles_by_few_degrees()
    {
        var random = new Random(1);
        var errors = new List<double>();
        for (int i = 0; i < 500; i++)
        {
            var pose = new FacePose(random.Next(-40, 40), random.Next(-30, 30), random.Next(-30, 30));
            Vector3[] head = [.. Head.Select(p => p + (0.05f * new Vector3(Normal(random), Normal(random), Normal(random))))];
            errors.Add(Math.Abs(FacePose.Of(Seen(head, pose, 50, four: false)).Yaw - pose.Yaw));
        }

        errors.Sort();
        Assert.InRange(errors[450], 0, 12);
    }

    [Fact]
    public void Points_on_a_line_are_a_profile_and_points_that_coincide_no_fault()
    {
        var line = new FaceLandmarks(new(10, 10), new(11, 11), new(15, 15), new(20, 20), new(21, 21));
        Assert.Equal(90, FacePose.Of(line).Yaw);
        var same = new FaceLandmarks(new(10, 10), new(10, 10), new(10, 10), new(10, 10), new(10, 10));
        Assert.Equal(90, FacePose.Of(same).Yaw);
    }

    [Fact]
    public void The_people_of_LFW_look_nearly_all_into_the_camera()
    {
        FacePose[] poses = [.. RealPhotos.Landmarks(every: 1).Select(face => FacePose.Of(face.Landmarks))];
        Assert.InRange(Median(poses.Select(p => p.Yaw)), -1, 1);
        Assert.InRange(Median(poses.Select(p => p.Pitch)), -1, 1);
        Assert.True(poses.Count(p => Math.Abs(p.Yaw) <= 40 && Math.Abs(p.Pitch) <= 35) > 0.98 * poses.Length);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(6616);

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private static FaceLandmarks Seen(Vector3[] head, FacePose pose, double size, bool four)
    {
        // x to the right, y down, z away. Looking right: the nose, at negative z, moves to positive x. Looking down: to positive y.
        const double Degree = Math.PI / 180;
        (double sy, double cy) = Math.SinCos(pose.Yaw * Degree);
        (double sp, double cp) = Math.SinCos(pose.Pitch * Degree);
        (double sr, double cr) = Math.SinCos(pose.Roll * Degree);
        Vector2[] seen = [.. head.Select(p =>
        {
            double y = (p.Y * cp) - (p.Z * sp), z = (p.Y * sp) + (p.Z * cp);
            double x = (p.X * cy) - (z * sy);
            return new Vector2((float)(300 + (size * ((x * cr) - (y * sr)))), (float)(200 + (size * ((x * sr) + (y * cr)))));
        })];
        return four
            ? FaceLandmarks.WithMouthCentre(seen[0], seen[1], seen[2], (seen[3] + seen[4]) / 2)
            : new FaceLandmarks(seen[0], seen[1], seen[2], seen[3], seen[4]);
    }
}

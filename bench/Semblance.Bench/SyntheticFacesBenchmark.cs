using System.Diagnostics;
using System.Globalization;
using Semblance.Data.Synthesis;

namespace Semblance.Bench;

/// <summary>Synthetic faces drawn, coded and written per second at 112 px.</summary>
internal static class SyntheticFacesBenchmark
{
    public static void Run(string[] args)
    {
        string root = Directory.CreateTempSubdirectory("semblance-bench-").FullName;
        try
        {
            for (int round = 0; round < 3; round++)
            {
                long started = Stopwatch.GetTimestamp();
                new SyntheticFaces(new SyntheticFaceOptions { Identities = 100, ImagesPerIdentity = 10 }).WriteFolder(Path.Combine(root, $"{round}"));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{1000 / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} images/s"));
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}

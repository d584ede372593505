using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>Runs the tests, or plays a part in one of them as another process: one that can be killed.</summary>
internal static class TestProgram
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [OtherProcess.Serve, var port, var folder]:
                return OtherProcess.RunServer(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), folder);
            case [OtherProcess.Enrol, var location, var batch]:
                return OtherProcess.RunEnrolment(location, int.Parse(batch, System.Globalization.CultureInfo.InvariantCulture));
            default:
                return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
                    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
                    : await ConsoleRunner.Run(args);
        }
    }
}

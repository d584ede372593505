using System.ComponentModel;
using System.Diagnostics;

namespace Semblance.Recognition.Packs.Sources;

/// <summary>Fetches packages with the user's own npm, so with the user's own registry, proxy and credentials.</summary>
internal static class NpmClient
{
    /// <summary>Fetches a package's tarball by <c>npm pack</c>.</summary>
    /// <param name="package">The package.</param>
    /// <param name="folder">An empty folder to run in.</param>
    /// <param name="searchPath">The folders to look for npm in, as PATH lists them.</param>
    /// <param name="cancellationToken">Stops npm.</param>
    /// <returns>The tarball's path; its hash is checked.</returns>
    /// <exception cref="SemblanceException">There is no npm, it fails, or gives another file than the pinned one.</exception>
    public static async Task<string> FetchAsync(NpmPackage package, string folder, string searchPath, CancellationToken cancellationToken)
    {
        string npm = Find(searchPath) ?? throw new SemblanceException(
            $"npm is not on the PATH; install Node.js, or run 'npm pack {package}' on another machine and give its file to 'semblance models pull FILE.tgz'.");
        var start = new ProcessStartInfo(npm)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["pack", package.ToString(), "--json", "--ignore-scripts"])
        {
            start.ArgumentList.Add(argument);
        }

        (int exitCode, string output, string error) = await RunAsync(start, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new SemblanceException($"'npm pack {package}' failed: {Reason(error, output, exitCode)} Is there a network? Nothing in the cache has changed.");
        }

        string tarball = Directory.GetFiles(folder, "*.tgz") is [var only]
            ? only
            : throw new SemblanceException($"'npm pack {package}' left no tarball. Nothing in the cache has changed.");
        string integrity = FileHash.Integrity(tarball);
        return integrity == package.Integrity
            ? tarball
            : throw new SemblanceException($"{package}: npm gave a file with {integrity}, expected {package.Integrity}; it is not the package that was pinned. Nothing in the cache has changed.");
    }

    private static string? Find(string searchPath)
    {
        string file = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        return searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
                Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception e)
        {
            throw new SemblanceException($"{start.FileName}: npm cannot be started: {e.Message}", e);
        }
    }

    /// <summary>npm writes many lines, of which the ones marked as errors say why; the first is a mere code.</summary>
    private static string Reason(string error, string output, int exitCode)
    {
        string[] lines = [.. error.Split('\n').Concat(output.Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0)];
        string[] marked = [.. lines
            .Where(line => line.StartsWith("npm error ", StringComparison.OrdinalIgnoreCase) || line.StartsWith("npm ERR! ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', 3)[2].Trim())
            .Where(line => !line.StartsWith("A complete log", StringComparison.Ordinal))];
        string[] told = marked.Length > 0 ? marked : lines;
        string reason = string.Join("; ", told.Take(3)).TrimEnd('.', ';', ' ');
        return reason.Length > 0 ? $"{(reason.Length <= 300 ? reason : reason[..300] + "…")}." : $"exit code {exitCode}.";
    }
}

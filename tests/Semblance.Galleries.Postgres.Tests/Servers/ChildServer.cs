using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Semblance.Galleries.Postgres.Tests.Servers;

/// <summary>A database server as a child process, with a folder of its own. It ends when its standard input closes, so also when the tests are killed.</summary>
internal sealed class ChildServer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ChildServer(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits for the server's first line of output.</summary>
    public void WaitForLine()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        if (!line.Wait(TimeSpan.FromMinutes(2)) || line.Result is null)
        {
            _process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"The server did not start: {_errors.Result}");
        }

        // Whatever else it prints must not fill the pipe.
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Waits until somebody listens on a port.</summary>
    public void WaitForPort(int port)
    {
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(50))
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < TimeSpan.FromMinutes(1) && !_process.HasExited)
            {
            }
        }
    }

    /// <summary>Kills the process in the middle of what it does: it gets no chance to tidy up.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                Kill();
            }
        }

        _process.Dispose();
    }
}

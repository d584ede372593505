namespace Semblance.Galleries.Postgres.Tests.Servers;

/// <summary>PGlite: PostgreSQL with pgvector, compiled for Node. One session that its connections share.</summary>
internal sealed class PgliteServer : IDisposable
{
    private ChildServer? _child;

    private PgliteServer(string folder, bool ownsFolder) => (Folder, _ownsFolder) = (folder, ownsFolder);

    private readonly bool _ownsFolder;

    /// <summary>Where the database's files are.</summary>
    public string Folder { get; }

    public int Port { get; private set; }

    /// <summary>What is missing to start one, or null.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Starts a server on a new folder.</summary>
    public static PgliteServer Start()
    {
        var server = new PgliteServer(Directory.CreateTempSubdirectory("semblance-pglite-").FullName, ownsFolder: true);
        server.Restart();
        return server;
    }

    /// <summary>Starts again on the same folder and port, after <see cref="Kill"/>.</summary>
    public void Restart()
    {
        _child?.Dispose();
        Port = Port == 0 ? ChildServer.FreePort() : Port;
        _child = new ChildServer("node", Path.Combine(Project(), "pglite-server.mjs"), Folder, $"{Port}");
        _child.WaitForLine();
    }

    public void Kill() => _child!.Kill();

    /// <summary>A gallery on it. Connections wait long: one statement at a time runs, whichever connection it comes by.</summary>
    public PostgresLocation Gallery(string name, string parameters = "") =>
        PostgresLocation.Parse($"postgres://postgres@127.0.0.1:{Port}/postgres?sslmode=disable&timeout=300&gallery={name}{parameters}");

    public void Dispose()
    {
        _child?.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static string? FindMissing()
    {
        if (!Directory.Exists(Path.Combine(Project(), "node_modules", "@electric-sql", "pglite-socket")))
        {
            return "PGlite is not installed: run 'npm install --no-package-lock' in tests/Semblance.Galleries.Postgres.Tests, or set SEMBLANCE_TEST_POSTGRES to a connection string.";
        }

        try
        {
            using var node = new ChildServer("node", "--version");
            node.WaitForLine();
            return null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return "Node is not installed: install nodejs and npm, or set SEMBLANCE_TEST_POSTGRES to a connection string.";
        }
    }

    private static string Project()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "pglite-server.mjs")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run outside their project's folder.");
    }
}

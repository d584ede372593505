using System.Diagnostics;
using Npgsql;
using Semblance.Galleries.Postgres.Tests.Servers;

[assembly: AssemblyFixture(typeof(NativeServer))]

namespace Semblance.Galleries.Postgres.Tests.Servers;

/// <summary>
/// The system's own PostgreSQL, started on a new folder with passwords on: many sessions at once, which PGlite lacks. It need not have pgvector:
/// encrypted galleries do without. Skips the test where there is none.
/// </summary>
public sealed class NativeServer : IDisposable
{
    public const string Password = "correct horse 9!";

    private static readonly string? Programs = FindPrograms();

    private readonly Lock _turn = new();
    private readonly int _port = ChildServer.FreePort();
    private string? _folder;
    private ChildServer? _child;

    /// <summary>Where the database's files are.</summary>
    public string Folder => _folder!;

    /// <summary>Whether the server can add pgvector to a database.</summary>
    public bool HasVectors { get; private set; }

    public PostgresLocation NewGallery(string parameters = "") => Gallery("t" + Guid.NewGuid().ToString("N")[..16], parameters: parameters);

    public PostgresLocation Gallery(string name, string user = "postgres", string password = Password, string database = "postgres", string parameters = "")
    {
        Ensure();
        return PostgresLocation.Parse($"postgres://{user}:{Uri.EscapeDataString(password)}@127.0.0.1:{_port}/{database}?sslmode=disable&gallery={name}{parameters}");
    }

    public NpgsqlConnection Connect()
    {
        Ensure();
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_port};Username=postgres;Password={Password};Database=postgres;Pooling=false;SSL Mode=Disable");
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        _child?.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Ensure()
    {
        Assert.SkipUnless(Programs is not null, "PostgreSQL's server programs are not installed here (Debian: postgresql).");
        lock (_turn)
        {
            if (_child is not null)
            {
                return;
            }

            _folder = Directory.CreateTempSubdirectory("semblance-postgres-").FullName;
            string password = Path.Combine(_folder, "password"), data = Path.Combine(_folder, "data");
            File.WriteAllText(password, Password);

            // PostgreSQL refuses to run as root; Debian's package makes a user for it.
            string[] asOther = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];
            if (asOther.Length > 0)
            {
                Run(["chown", "-R", "postgres", _folder]);
            }

            Run([.. asOther, Path.Combine(Programs!, "initdb"), "-D", data, "-A", "scram-sha-256", "-U", "postgres", "--pwfile", password, "-E", "UTF8", "--locale=C", "--no-sync"]);

            // The shell ends the server at once when its own input ends.
            const string Watch = "server=$1; shift; \"$server\" \"$@\" & child=$!; cat > /dev/null; kill -QUIT $child; wait $child";
            string[] command =
            [
                .. asOther, "sh", "-c", Watch, "sh", Path.Combine(Programs!, "postgres"),
                "-D", data, "-p", $"{_port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60", "-c", "fsync=off",
            ];
            _child = new ChildServer(command[0], command[1..]);
            _child.WaitForPort(_port);
            WaitUntilReady();
        }
    }

    private void WaitUntilReady()
    {
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(50))
        {
            try
            {
                using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_port};Username=postgres;Password={Password};Database=postgres;Pooling=false;SSL Mode=Disable");
                connection.Open();
                using var command = new NpgsqlCommand("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'", connection);
                HasVectors = (long)command.ExecuteScalar()! > 0;
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < TimeSpan.FromMinutes(1))
            {
            }
        }
    }

    private static void Run(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command[0]}: {output.Result} {errors.Result}");
    }

    private static string? FindPrograms()
    {
        string[] candidates = Directory.Exists("/usr/lib/postgresql") ? [.. Directory.GetDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin"))] : [];
        string[] paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return candidates.Concat(paths).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}

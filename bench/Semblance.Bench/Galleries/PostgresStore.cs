using System.Diagnostics;
using Semblance.Galleries.Postgres;
using Semblance.Recognition.Galleries;

namespace Semblance.Bench.Galleries;

/// <summary>
/// A gallery in PostgreSQL with pgvector: at an address given (<c>postgres://user@host/database</c>), or in PGlite, which the tests' folder has after
/// <c>npm install</c>: PostgreSQL compiled to WebAssembly, in one thread, and so a lower bound for a real server.
/// </summary>
internal static class PostgresStore
{
    private const string Tests = "tests/Semblance.Galleries.Postgres.Tests";

    public static BenchedStore Open(GalleryModel model, string? address)
    {
        string gallery = "bench_" + Guid.NewGuid().ToString("N")[..16];
        if (address is not null)
        {
            return Open($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}gallery={gallery}", model, null);
        }

        var server = new Pglite(Path.Combine(Repository(), Tests));
        return Open($"postgres://postgres@127.0.0.1:{server.Port}/postgres?sslmode=disable&timeout=300&gallery={gallery}", model, server);
    }

    private static BenchedStore Open(string address, GalleryModel model, IDisposable? server)
    {
        var location = PostgresLocation.Parse(address);
        return new(PostgresGallery.Open(location, model), () => PostgresGallery.OpenExisting(location, model), server);
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Semblance.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new SemblanceException("the benchmark runs outside the repository; give stores=postgres=postgres://user@host/database.");
    }

    /// <summary>A PGlite server on a new folder; it ends when its standard input does.</summary>
    private sealed class Pglite : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("semblance-bench-").FullName;
        private readonly Process _process;

        public Pglite(string tests)
        {
            if (!Directory.Exists(Path.Combine(tests, "node_modules")))
            {
                throw new SemblanceException($"PGlite is not installed: run 'npm install --no-package-lock' in {Tests}, or give stores=postgres=postgres://user@host/database.");
            }

            _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(tests, "pglite-server.mjs"), _folder, "0"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            Port = _process.StandardOutput.ReadLine() ?? throw new SemblanceException("PGlite did not start.");
        }

        public string Port { get; }

        public void Dispose()
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                _process.Kill();
                _process.WaitForExit();
            }

            _process.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}

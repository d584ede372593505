using Semblance.Galleries.Postgres.Tests.Servers;

[assembly: AssemblyFixture(typeof(VectorServer))]

namespace Semblance.Galleries.Postgres.Tests.Servers;

/// <summary>
/// A PostgreSQL with pgvector for all tests: the one of SEMBLANCE_TEST_POSTGRES (a connection string or URL to a database where schemas may be
/// made), or else PGlite. Each test takes a gallery of its own.
/// </summary>
public sealed class VectorServer : IDisposable
{
    private readonly string? _given = Environment.GetEnvironmentVariable("SEMBLANCE_TEST_POSTGRES") is { Length: > 0 } given ? given : null;
    private readonly Lock _turn = new();
    private PgliteServer? _pglite;

    /// <summary>The folder with the server's files, where it is here to be looked at.</summary>
    public string? Folder => Pglite()?.Folder;

    /// <summary>Skips the test where there is no server.</summary>
    public void Require() => Assert.SkipUnless(_given is not null || PgliteServer.Missing is null, PgliteServer.Missing ?? "");

    /// <summary>A gallery that nobody else uses; skips the test where there is no server.</summary>
    public PostgresLocation NewGallery(string parameters = "") => Gallery("t" + Guid.NewGuid().ToString("N")[..16], parameters);

    /// <summary>A gallery by its name; skips the test where there is no server.</summary>
    public PostgresLocation Gallery(string name, string parameters = "")
    {
        Require();
        if (_given is null)
        {
            return Pglite()!.Gallery(name, parameters);
        }

        string separator = !_given.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) ? ";" : _given.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        return PostgresLocation.Parse($"{_given}{separator}gallery={name}{(separator == ";" ? parameters.Replace('&', ';') : parameters)}");
    }

    public void Dispose() => _pglite?.Dispose();

    private PgliteServer? Pglite()
    {
        lock (_turn)
        {
            return _given is null ? _pglite ??= PgliteServer.Start() : null;
        }
    }
}

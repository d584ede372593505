using System.Collections;
using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Semblance.Galleries.Postgres;

/// <summary>
/// Where a gallery in PostgreSQL is: server, database and the gallery's name within it. Read from a URL
/// (<c>postgres://user:password@host:5432/database?gallery=people</c>, with parameters of Npgsql's connection strings behind it, as
/// <c>&amp;sslmode=require</c>) or from a connection string of Npgsql with <c>Gallery=people</c> in it. A password may also come from PGPASSWORD or
/// .pgpass, as Npgsql does it. Immutable; printed without the password.
/// </summary>
public sealed class PostgresLocation
{
    private const string DefaultGallery = "default";
    private const int LongestName = 40;

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private readonly NpgsqlConnectionStringBuilder _connection;

    private PostgresLocation(NpgsqlConnectionStringBuilder connection, string gallery, HnswParameters hnsw)
    {
        (_connection, Gallery, Hnsw) = (connection, gallery, hnsw);
        string user = connection.Username is { Length: > 0 } name ? name + "@" : "";
        string host = connection.Host!.Contains(':', StringComparison.Ordinal) ? $"[{connection.Host}]" : connection.Host;
        Display = $"postgres://{user}{host}:{connection.Port}/{connection.Database}?gallery={gallery}";
    }

    /// <summary>The gallery's name: 1 to 40 of a-z, 0-9 and '_', beginning with a letter.</summary>
    public string Gallery { get; }

    /// <summary>The parameters of the HNSW index: m, ef_construction and ef_search of the URL.</summary>
    public HnswParameters Hnsw { get; }

    /// <summary>The location as people may see it: without password.</summary>
    public string Display { get; }

    /// <summary>The schema that holds the gallery's tables.</summary>
    internal string Schema => "semblance_" + Gallery;

    /// <summary>Whether a text is meant as such a location rather than as a file's path.</summary>
    /// <param name="text">The text.</param>
    public static bool IsLocation(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsUrl(text)
            || (text.Contains('=', StringComparison.Ordinal) && text.Split(';').Any(part => part.TrimStart().StartsWith("Host", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Reads a location.</summary>
    /// <param name="text">A URL or a connection string.</param>
    /// <exception cref="UsageException">The text is neither, or a parameter in it is unknown or out of range. The message never holds a password.</exception>
    public static PostgresLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        DbConnectionStringBuilder given = IsUrl(text) ? FromUrl(text) : FromConnectionString(text);
        string gallery = Take(given, "gallery") ?? DefaultGallery;
        if (gallery.Length > LongestName || !gallery.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_') || !char.IsAsciiLetter(gallery.FirstOrDefault()))
        {
            throw new UsageException($"gallery name '{gallery}': expected 1 to {LongestName} of a-z, 0-9 and '_', beginning with a letter.");
        }

        var hnsw = new HnswParameters
        {
            Links = Number(given, "m", new HnswParameters().Links),
            BuildWidth = Number(given, "ef_construction", new HnswParameters().BuildWidth),
            SearchWidth = Number(given, "ef_search", new HnswParameters().SearchWidth),
        };
        hnsw.Validate();
        return new PostgresLocation(ForNpgsql(given), gallery, hnsw);
    }

    /// <inheritdoc/>
    public override string ToString() => Display;

    /// <summary>The connection string for Npgsql, password included where it was given.</summary>
    internal string ConnectionString(int commandTimeoutSeconds) =>
        new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { CommandTimeout = commandTimeoutSeconds }.ConnectionString;

    private static bool IsUrl(string text) => Array.Exists(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private static DbConnectionStringBuilder FromUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Host.Length == 0)
        {
            throw new UsageException("the gallery's address is no URL; expected postgres://user:password@host:5432/database?gallery=name (special characters of a password as %XX).");
        }

        var given = new DbConnectionStringBuilder { ["Host"] = url.IdnHost.Trim('[', ']') };
        if (!url.IsDefaultPort && url.Port > 0)
        {
            given["Port"] = url.Port.ToString(CultureInfo.InvariantCulture);
        }

        string[] user = url.UserInfo.Split(':', 2);
        SetIfAny(given, "Username", user[0]);
        SetIfAny(given, "Password", user.Length > 1 ? user[1] : "");
        SetIfAny(given, "Database", url.AbsolutePath.TrimStart('/'));
        foreach (string pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = pair.Split('=', 2);
            if (sides.Length != 2)
            {
                throw new UsageException($"parameter '{sides[0]}' of the gallery's address has no value; expected {sides[0]}=value.");
            }

            given[Uri.UnescapeDataString(sides[0])] = Uri.UnescapeDataString(sides[1]);
        }

        return given;
    }

    private static DbConnectionStringBuilder FromConnectionString(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException e)
        {
            throw new UsageException("the gallery's address is no connection string; expected Host=...;Database=...;Username=...;Gallery=name, or a URL postgres://...", e);
        }
    }

    private static NpgsqlConnectionStringBuilder ForNpgsql(DbConnectionStringBuilder given)
    {
        var connection = new NpgsqlConnectionStringBuilder { ApplicationName = "semblance", Timeout = 15, KeepAlive = 30, IncludeErrorDetail = false };
        foreach (string key in ((IDictionary)given).Keys.Cast<string>().ToArray())
        {
            try
            {
                connection[key] = given[key];
            }
            catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
            {
                // Without Npgsql's own exception: it may repeat the value, and so a password under a mistyped key.
                throw new UsageException($"parameter '{key}' of the gallery's address is unknown or has no such value; see Npgsql's connection strings.");
            }
        }

        if (string.IsNullOrEmpty(connection.Host) || connection.Host.Contains(',', StringComparison.Ordinal))
        {
            throw new UsageException("the gallery's address names no host, or several; expected one server.");
        }

        connection.Username ??= Environment.GetEnvironmentVariable("PGUSER");
        connection.Database ??= Environment.GetEnvironmentVariable("PGDATABASE") ?? connection.Username ?? "postgres";
        return connection;
    }

    private static void SetIfAny(DbConnectionStringBuilder given, string key, string escaped)
    {
        if (escaped.Length > 0)
        {
            given[key] = Uri.UnescapeDataString(escaped);
        }
    }

    private static string? Take(DbConnectionStringBuilder given, string key)
    {
        if (!given.TryGetValue(key, out object? value))
        {
            return null;
        }

        given.Remove(key);
        return Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    private static int Number(DbConnectionStringBuilder given, string key, int otherwise)
    {
        string? text = Take(given, key);
        return text is null ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw new UsageException($"{key} is '{text}'; expected a whole number.");
    }
}

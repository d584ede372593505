using Npgsql;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres;

/// <summary>The one row of table state: what every writer changes first, so that writers take turns, and what every search compares.</summary>
/// <param name="Revision">Rises with every change that a search can see.</param>
/// <param name="Removals">Rises with every removal of subjects.</param>
/// <param name="Encryption">How templates are written.</param>
/// <param name="HasVectors">Whether table vectors is there and holds a vector of each template, so that the database can search.</param>
/// <param name="ErasureOwed">The revision of the last change whose old bytes may still be in the database's files; 0 for none.</param>
internal readonly record struct GalleryState(long Revision, long Removals, TemplateEncryption Encryption, bool HasVectors, long ErasureOwed)
{
    /// <summary>The columns that <see cref="Of"/> reads.</summary>
    public const string Columns = "revision, removals, key_id, partial, has_vectors, erasure_owed";

    /// <summary>Takes a state from a row that begins with <see cref="Columns"/>.</summary>
    public static GalleryState Of(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        new TemplateEncryption(row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3)),
        row.GetBoolean(4),
        row.GetInt64(5));
}

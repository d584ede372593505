using Npgsql;

namespace Semblance.Galleries.Postgres;

/// <summary>Shortens what ADO.NET takes many lines for. Parameters are $1, $2, … in order.</summary>
internal static class Sql
{
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        Add(command.Parameters, values);
        return command;
    }

    public static NpgsqlBatchCommand Part(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>Several commands in one round trip and, outside a transaction, in one implicit transaction.</summary>
    public static NpgsqlBatch Batch(NpgsqlConnection connection, params ReadOnlySpan<NpgsqlBatchCommand> parts)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (NpgsqlBatchCommand part in parts)
        {
            batch.BatchCommands.Add(part);
        }

        return batch;
    }

    public static int Run(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using NpgsqlCommand command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; null where there is no row or the value is NULL.</summary>
    public static object? Value(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using NpgsqlCommand command = Command(connection, sql, values);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Runs without the limit on time that other commands have: for what takes as long as the gallery is large.</summary>
    public static void RunLong(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using NpgsqlCommand command = Command(connection, sql, values);
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Starts a statement that a token ends: then the server is asked to break it off, and the connection is given up where it does not answer.
    /// Npgsql takes a token in its asynchronous methods only.
    /// </summary>
    public static NpgsqlDataReader Read(NpgsqlCommand command, CancellationToken cancellationToken) =>
        command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false).GetAwaiter().GetResult();

    /// <summary>As <see cref="Read(NpgsqlCommand, CancellationToken)"/>, for several statements.</summary>
    public static NpgsqlDataReader Read(NpgsqlBatch batch, CancellationToken cancellationToken) =>
        batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false).GetAwaiter().GetResult();

    /// <summary>A parameter that is JSON rather than text.</summary>
    public static NpgsqlParameter Json(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb };

    /// <summary>A parameter that is an array of texts; alone among the values it would be taken for the values themselves.</summary>
    public static NpgsqlParameter Texts(IEnumerable<string> texts) => new() { Value = texts.ToArray() };

    /// <summary>A parameter that may be NULL, which has no type of its own.</summary>
    public static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    /// <summary>A parameter that may be NULL, which has no type of its own.</summary>
    public static NpgsqlParameter Number(long? number) => new() { Value = (object?)number ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint };

    private static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (object? value in values)
        {
            parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }
}

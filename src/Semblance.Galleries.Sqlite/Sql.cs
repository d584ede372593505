using Microsoft.Data.Sqlite;

namespace Semblance.Galleries.Sqlite;

/// <summary>Short forms of what every statement needs.</summary>
internal static class Sql
{
    public static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (string name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    public static SqliteCommand Command(SqliteTransaction transaction, string sql, params ReadOnlySpan<string> parameters) =>
        Command(transaction.Connection!, transaction, sql, parameters);

    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    public static int Run(this SqliteCommand command, params ReadOnlySpan<object?> values) => command.With(values).ExecuteNonQuery();

    public static int Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using SqliteCommand command = Command(connection, transaction, sql);
        return command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using SqliteCommand command = Command(connection, transaction, sql);
        return (long)command.ExecuteScalar()!;
    }
}

using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;

namespace AiPlatform.Services.Api.Data;

/// <summary>Many rows in few statements: a statement each costs a round trip each.</summary>
internal static class MultiRowInsert
{
    private const int RowsAtOnce = 250;

    /// <param name="insert">Up to the values: <c>insert into t (a, b)</c>.</param>
    /// <param name="rows">Each with as many values as the statement names columns.</param>
    public static async Task ExecuteAsync(
        DbConnection connection, DbTransaction transaction, string insert, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(RowsAtOnce))
        {
            var sql = new StringBuilder(insert).Append(" values ");
            var parameters = new DynamicParameters();

            // Rows repeat their ids and labels, and a parameter costs more than its name in the text.
            var names = new Dictionary<object, string>();
            for (var row = 0; row < chunk.Length; row++)
            {
                sql.Append(row == 0 ? "(" : ", (");
                for (var column = 0; column < chunk[row].Length; column++)
                {
                    sql.Append(column == 0 ? "" : ", ").Append(NameOf(chunk[row][column], names, parameters));
                }

                sql.Append(')');
            }

            await connection.ExecuteAsync(new CommandDefinition(sql.ToString(), parameters, transaction, cancellationToken: cancellationToken));
        }
    }

    private static string NameOf(object? value, Dictionary<object, string> names, DynamicParameters parameters)
    {
        if (value is null)
        {
            return "null";
        }

        if (!names.TryGetValue(value, out var name))
        {
            name = string.Create(CultureInfo.InvariantCulture, $"@p{names.Count}");
            names.Add(value, name);
            parameters.Add(name, value);
        }

        return name;
    }
}

using System.Data.Common;
using System.Globalization;

namespace Aspire.Hosting.Servers;

/// <summary>What a MySQL connection string says of where to go and who to be there.</summary>
internal sealed record MySqlAddress(string Host, int Port, string User, string Password, string? Database)
{
    /// <summary>Of the connection string nothing is repeated, because it holds a password.</summary>
    public static MySqlAddress Parse(string resourceName, string connectionString)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connectionString;
        }
        catch (ArgumentException exception)
        {
            throw NotUnderstood(resourceName, "it is not made of 'key=value' parted by ';'", exception);
        }

        var host = Value(parts, "Server", "Host", "Data Source", "DataSource", "Address", "Addr", "Network Address")
            ?? throw NotUnderstood(resourceName, "it has no 'Server'");
        var port = Value(parts, "Port") ?? "3306";
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue
            ? new(host, number, Value(parts, "User ID", "UserID", "Uid", "User", "Username", "User name") ?? "root", Value(parts, "Password", "Pwd") ?? "", Value(parts, "Database", "Initial Catalog"))
            : throw NotUnderstood(resourceName, "its 'Port' is no number from 1 to 65535");
    }

    private static string? Value(DbConnectionStringBuilder parts, params string[] keys) =>
        keys.Select(k => parts.TryGetValue(k, out var value) ? value.ToString() : null).FirstOrDefault(v => !string.IsNullOrEmpty(v));

    private static DistributedApplicationException NotUnderstood(string resourceName, string why, Exception? inner = null) =>
        new($"The connection string of resource '{resourceName}' is not understood: {why}.", inner!);
}

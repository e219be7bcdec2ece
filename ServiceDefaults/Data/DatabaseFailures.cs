using System.Data.Common;
using System.Net.Sockets;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Tells the server's and the network's faults from ours, by MySQL's and MariaDB's error numbers. What is ours (a bad statement) is not translated.</summary>
internal static class DatabaseFailures
{
    /// <returns>The named failure of a statement, or null when the exception is none of the server or the network.</returns>
    public static DatabaseUnavailableException? Translate(Exception exception) => exception switch
    {
        DbException database => Find(database) switch
        {
            null when Holds<TimeoutException>(database) || MySqlConnections.NumberOf(database) < 0 => Named(DatabaseReasons.Timeout, database),
            null when Holds<IOException>(database) || Holds<SocketException>(database) => Named(DatabaseReasons.ConnectionLost, database),
            { } number when ReasonOf(number, database.Message) is { } reason => Named(reason, database),
            _ => null,
        },
        TimeoutException => Named(DatabaseReasons.Timeout, exception),
        IOException or SocketException => Named(DatabaseReasons.ConnectionLost, exception),
        _ => null,
    };

    /// <summary>The named failure of an attempt to connect, whatever the driver threw.</summary>
    public static DatabaseUnavailableException TranslateOpening(Exception exception) =>
        exception is DbException database && Find(database) is { } number && ReasonOf(number, database.Message) is { } reason and not DatabaseReasons.ConnectionLost
            ? Named(reason, exception)
            : Named(DatabaseReasons.Unreachable, exception);

    public static DatabaseUnavailableException Lost(Exception exception) => Named(DatabaseReasons.ConnectionLost, exception);

    public static DatabaseUnavailableException Interrupted(Exception? exception) => Named(DatabaseReasons.Interrupted, exception);

    /// <summary>The connection is not to be used again after this. What the driver says by itself is not worth the doubt.</summary>
    public static bool EndsConnection(DbException exception) => Find(exception) is null || Translate(exception) is
    {
        Reason: DatabaseReasons.ConnectionLost or DatabaseReasons.Unreachable or DatabaseReasons.Timeout or DatabaseReasons.AuthenticationFailed
            or DatabaseReasons.TooManyConnections or DatabaseReasons.Missing,
    };

    // The driver wraps what the server said in exceptions of its own, whose number is 0 or -1.
    private static int? Find(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException database && MySqlConnections.NumberOf(database) is > 0 and var number)
            {
                return number;
            }
        }

        return null;
    }

    private static bool Holds<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T)
            {
                return true;
            }
        }

        return false;
    }

    private static string? ReasonOf(int number, string message) => number switch
    {
        1042 or 2002 or 2003 or 2005 => DatabaseReasons.Unreachable,
        1043 or 1053 or 1077 or 1079 or 1129 or 1130 or 1158 or 1159 or 1160 or 1161 or 1184 or 1927 or 2006 or 2013 => DatabaseReasons.ConnectionLost,
        1040 or 1203 or 1226 => DatabaseReasons.TooManyConnections,
        1044 or 1045 or 1698 => DatabaseReasons.AuthenticationFailed,
        1049 => DatabaseReasons.Missing,
        1836 or 3100 => DatabaseReasons.ReadOnly,

        // The MariaDB server is running with the --read-only option so it cannot execute this statement. Also said of other options.
        1290 when message.Contains("read-only", StringComparison.OrdinalIgnoreCase) || message.Contains("read_only", StringComparison.OrdinalIgnoreCase) =>
            DatabaseReasons.ReadOnly,
        1021 or 1026 or 1030 or 1114 => DatabaseReasons.Full,
        1037 or 1038 or 1041 => DatabaseReasons.OutOfMemory,
        1317 => DatabaseReasons.Interrupted,
        1205 or 1213 => DatabaseReasons.Deadlock,
        1969 or 3024 => DatabaseReasons.Timeout,
        _ => null,
    };

    private static DatabaseUnavailableException Named(string reason, Exception? exception) => new(
        reason switch
        {
            DatabaseReasons.Unreachable => "The database could not be reached.",
            DatabaseReasons.TooManyConnections => "The database has too many connections.",
            DatabaseReasons.AuthenticationFailed => "The database does not accept our credentials.",
            DatabaseReasons.Missing => "The server does not have the database.",
            DatabaseReasons.ReadOnly => "The database is read-only.",
            DatabaseReasons.Full => "The database is full.",
            DatabaseReasons.OutOfMemory => "The database is out of memory.",
            DatabaseReasons.Interrupted => "The database interrupted the statement.",
            DatabaseReasons.Deadlock => "The database could not get past others' locks.",
            DatabaseReasons.Timeout => "The database did not answer in time.",
            _ => "The connection to the database was lost.",
        },
        exception,
        reason);
}

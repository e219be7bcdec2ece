using MySql.Data.MySqlClient;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Opens connections as the platform wants them and stops statements that nobody waits for any more.</summary>
internal sealed class MySqlConnectionFactory
{
    private readonly string _connectionString;
    private int _breaks;

    public MySqlConnectionFactory(string connectionString) =>
        _connectionString = new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            ConnectionTimeout = 4,
            DefaultCommandTimeout = 30,
            SslMode = MySqlSslMode.None,
            CharacterSet = "utf8mb4",
            AllowUserVariables = true,
            AllowPublicKeyRetrieval = true,
            ConnectionReset = false,
        }.ConnectionString;

    /// <summary>Counts connections that broke. A connection from before the last break is not to be believed without asking.</summary>
    public int Breaks => Volatile.Read(ref _breaks);

    public void NoteBreak() => Interlocked.Increment(ref _breaks);

    public MySqlConnection Open()
    {
        var connection = new MySqlConnection(_connectionString);
        try
        {
            connection.Open();

            // The driver does not know the name utf8mb3, which MariaDB otherwise answers with, and fails on it. The server ends what
            // a service that vanished without a word left open, transactions included, after two minutes and not after eight hours.
            using var command = new MySqlCommand("set names utf8mb4; set character_set_results = utf8mb4; set time_zone = '+00:00'; "
                + "set wait_timeout = 120", connection);
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>As units of work see it; one for as long as the connection lives, because each costs a finalizer.</summary>
    public static TracedConnection Trace(MySqlConnection connection) => new(connection);

    /// <summary>Asks the server to stop the statement of a connection, or to end the connection. Best effort: the caller has been answered.</summary>
    public void Kill(string what, int serverThread)
    {
        try
        {
            using var connection = Open();
            using var command = new MySqlCommand($"kill {what} {serverThread}", connection);
            command.ExecuteNonQuery();
        }
        catch (Exception)
        {
            // The statement has ended meanwhile, or the server is gone and the statement with it. Whatever the driver says
            // (NullReferenceException too), an exception that left here would end the process.
        }
    }
}

using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiPlatform.Tests.Common;
#if ASPIRE_PACKAGES
using MySqlConnector;
#else
using MySql.Data.MySqlClient;
#endif

namespace AiPlatform.ServiceDefaults.Tests.TestKit;

public sealed class DataServersTests
{
    [Fact]
    public async Task CreateDatabase_Twice_GivesTwoEmptyDatabases()
    {
        var servers = await DataServers.StartAsync();

        var first = await servers.CreateDatabaseAsync("kit");
        var second = await servers.CreateDatabaseAsync("kit");

        Assert.NotEqual(first, second);
        Execute(first, "create table note (id int primary key)");
        Assert.Equal(0L, Execute(second, "select count(*) from information_schema.tables where table_schema = database()"));
    }

    [Fact]
    public async Task RestartMariaDb_AfterKill_KeepsWhatWasCommitted()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync("kit");
        Execute(database, "create table note (text varchar(20)); insert into note values ('höher')");

        await server.KillAsync();
        await Assert.ThrowsAnyAsync<SocketException>(() => ConnectAsync(server.Port));
        await server.StartAgainAsync();

        Assert.Equal("höher", Execute(database, "select text from note"));
    }

    [Fact]
    public async Task StartKeptMariaDb_InTheFolderOfAnother_HasWhatThatOneHeld()
    {
        var folder = Directory.CreateTempSubdirectory("aiplatform-tests-kept-");
        try
        {
            await using (var first = await MariaDbServer.StartKeptAsync(folder.FullName))
            {
                await first.EnsureDatabaseAsync("kept");
                Execute($"{first.ConnectionString};Database=kept", "create table note (text varchar(20)); insert into note values ('höher')");
            }

            await using var second = await MariaDbServer.StartKeptAsync(folder.FullName);
            await second.EnsureDatabaseAsync("kept");

            Assert.Equal("höher", Execute($"{second.ConnectionString};Database=kept", "select text from note"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task RestartRedis_AfterKill_KeepsWhatWasSet()
    {
        await using var server = await RedisServer.StartAsync();
        Assert.Equal("+OK", await AskAsync(server, "SET note 1"));

        await server.KillAsync();
        await server.StartAgainAsync();

        Assert.Equal("$1", await AskAsync(server, "GET note"));
    }

    [Fact]
    public async Task StopRedis_ThenStart_AnswersOnTheSamePort()
    {
        await using var server = await RedisServer.StartAsync();

        await server.StopAsync();
        await Assert.ThrowsAnyAsync<SocketException>(() => ConnectAsync(server.Port));
        await server.StartAgainAsync();

        Assert.Equal("+PONG", await AskAsync(server, "PING"));
    }

    [Fact]
    public async Task ConnectRedis_WithoutPassword_IsRefused()
    {
        var servers = await DataServers.StartAsync();
        using var client = await ConnectAsync(servers.Redis.Port);

        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());

        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("-NOAUTH", await reader.ReadLineAsync());
    }

    private static object? Execute(string connectionString, string statements)
    {
        using DbConnection connection = new MySqlConnection($"{connectionString};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = $"set names utf8mb4; set character_set_results=utf8mb4; {statements}";
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    private static async Task<string?> AskAsync(RedisServer server, string command)
    {
        using var client = await ConnectAsync(server.Port);
        var password = server.ConnectionString.Split("password=")[1];
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\n{command}\r\n"));
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("+OK", await reader.ReadLineAsync());
        return await reader.ReadLineAsync();
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>Asks the started servers with a client that is not ours.</summary>
internal static class Servers
{
    // Server=localhost;Port=20000;User ID=root;Password=secret;Database=chat
    public static async Task<string> SqlAsync(string connectionString, string sql)
    {
        var parts = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = connectionString };
        var start = new ProcessStartInfo("mariadb", ["--no-defaults", "--protocol=tcp", $"--host={parts["Server"]}", $"--port={parts["Port"]}", "--user=root", "--batch", "--skip-column-names", $"--execute={sql}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (parts.TryGetValue("Database", out var database))
        {
            start.ArgumentList.Add($"--database={database}");
        }

        start.Environment["MYSQL_PWD"] = (string)parts["Password"];
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestHosts.InTime()), process.StandardError.ReadToEndAsync(TestHosts.InTime()));
        await process.WaitForExitAsync(TestHosts.InTime());
        Assert.True(process.ExitCode == 0, output[1]);
        return output[0].Trim();
    }

    // localhost:20000,password=secret
    public static async Task<string?> RedisAsync(string connectionString, string command)
    {
        var parts = connectionString.Split(',');
        var address = parts[0].Split(':');
        using var client = new TcpClient();
        await client.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture), TestHosts.InTime());
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"AUTH {parts[1]["password=".Length..]}\r\n{command}\r\n"), TestHosts.InTime());
        Assert.Equal("+OK", await reader.ReadLineAsync(TestHosts.InTime()));
        var answer = await reader.ReadLineAsync(TestHosts.InTime());
        return answer?[0] == '$' && answer != "$-1" ? await reader.ReadLineAsync(TestHosts.InTime()) : answer;
    }
}

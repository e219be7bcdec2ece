using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Tests.Hosting;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Data;

public sealed class MigrationTests
{
    [Fact]
    public async Task Start_AfterAMigrationThatWasCutOffBeforeItWasRecorded_RunsItAgain()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await host.Services.GetRequiredService<Database>().RunAsync(
            (connection, token) => connection.ExecuteAsync(new("delete from schema_version", cancellationToken: token)), CancellationToken.None);

        await using var again = host.StartReplica();

        using var client = again.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
    }
}

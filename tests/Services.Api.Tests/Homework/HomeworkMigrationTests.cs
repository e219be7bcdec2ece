using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Homework;

public sealed class HomeworkMigrationTests
{
    [Theory]
    [InlineData("alter table homework_results drop key homework_results_feedback, drop column practitioner_id")]
    [InlineData("do 0")]
    public async Task Migration_ResultsFromBeforeOrRunTwice_WaitForWhoGaveTheHomework(string before)
    {
        await using var service = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        var awaited = await ReadAwaitingAsync(service);
        await service.ExecuteAsync($"{before}; delete from schema_version where version = 20");
        await using var next = service.CreateReplica();

        var awaiting = await ReadAwaitingAsync(next);

        Assert.Contains("\"clientName\":\"Maya Lindqvist\"", awaiting, StringComparison.Ordinal);
        Assert.Equal(awaited, awaiting);
    }

    private static async Task<string> ReadAwaitingAsync(ApiFactory service)
    {
        using var nora = await service.CreateClientAsync(SamplePerson.Nora);
        return (await nora.GetJsonAsync("/api/v1/practitioners/me/today")).GetProperty("awaitingFeedback").GetRawText();
    }
}

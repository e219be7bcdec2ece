using System.Net;
using System.Text.Json;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Services.Api.Tests.Homework;
using AiPlatform.Tests.Common;
using static AiPlatform.Services.Api.Tests.Clients.CareCalls;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>What changes of clients and of their relations leave in the practice's audit, in the transaction of the change.</summary>
public sealed class ClientAuditTests
{
    private const string Owner = "0a000000-0000-7000-8000-000000000204";
    private const string DanielUser = "0a000000-0000-7000-8000-000000000202";

    [Fact]
    public async Task Changes_OfAClient_RecordedWithEveryRelationThatMoved()
    {
        await using var service = await StartAsync();
        using var owner = await service.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        var first = await RelationAsync(owner, clientId);
        var cover = (await (await owner.ArrangeAsync(clientId, Priya, "2026-11-10", "2026-11-12", "cover")).ReadAsync(HttpStatusCode.Created)).Id();
        await (await owner.ChangeCareAsync(cover, "2026-11-10", "2026-11-13")).ReadAsync(HttpStatusCode.OK);
        await owner.HandOverAsync(clientId, Daniel);
        var second = await RelationAsync(owner, clientId);

        var recorded = await EventsAsync(owner, "changed", "created", "arranged");

        Assert.Equal(
            [
                $"{Owner} owner client.created client {clientId} success", $"{Owner} owner care.arranged care_relation {first} success",
                $"{Owner} owner care.arranged care_relation {cover} success", $"{Owner} owner care.changed care_relation {cover} success",
                $"{Owner} owner client.changed client {clientId} success", $"{Owner} owner care.changed care_relation {first} success",
                $"{Owner} owner care.arranged care_relation {second} success",
            ],
            recorded);
        Assert.True((await owner.GetJsonAsync("/api/v1/audit/verify")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task Reads_OfRelations_RecordedWithTheirOutcome()
    {
        await using var service = await StartAsync();
        using var owner = await service.CreateClientAsync(SamplePerson.OwnerA);
        using var daniel = await service.CreateClientAsync(SamplePerson.Daniel);
        const string mayasCare = "0a000000-0000-7000-8000-000000000901";

        await owner.CareOfAsync($"{ApiFactory.MayaLindqvist}");
        await daniel.GetAsync($"/api/v1/clients/{ApiFactory.MayaLindqvist}/care-relations");
        await owner.GetAsync($"/api/v1/care-relations/{mayasCare}");
        await daniel.GetAsync($"/api/v1/care-relations/{mayasCare}");

        string[] expected =
        [
            $"{Owner} owner care.read client {ApiFactory.MayaLindqvist} success", $"{DanielUser} practitioner care.read client {ApiFactory.MayaLindqvist} refused",
            $"{Owner} owner care.read care_relation {mayasCare} success", $"{DanielUser} practitioner care.read care_relation {mayasCare} refused",
        ];
        IReadOnlyList<string> recorded = [];
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                recorded = await EventsAsync(owner, "care.read");
                return recorded.Count >= expected.Length;
            },
            "the reads are in the chain");
        Assert.Equal(expected, recorded);
    }

    [Fact]
    public async Task Write_EventCannotBeWritten_StoresNothing()
    {
        await using var service = await StartAsync();
        using var owner = await service.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        var relation = await RelationAsync(owner, clientId);
        await service.ExecuteAsync("rename table audit_events to audit_events_away");

        var answers = new[]
        {
            await owner.WriteAsync(
                HttpMethod.Post, "/api/v1/clients", $$"""{"name":"Never Was","dateOfBirth":"1990-01-01","practitionerId":"{{Nora}}"}""", HomeworkCalls.NewKey()),
            await owner.WriteAsync(
                HttpMethod.Put, $"/api/v1/clients/{clientId}", $$"""{"name":"Never Was","dateOfBirth":"1990-01-01","practitionerId":"{{Daniel}}"}""", ifMatch: "*"),
            await owner.ArrangeAsync(clientId, Priya, "2026-11-10"),
            await owner.ChangeCareAsync(relation, "2026-11-02", null),
        };
        await service.ExecuteAsync("rename table audit_events_away to audit_events");

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.InternalServerError, 4), answers.Select(answer => answer.StatusCode));
        Assert.Equal(0, await service.ReadAsync<int>("select count(*) from clients where name = 'Never Was'"));
        Assert.Equal(["Nora Berg main current 2026-11-01 -"], await owner.CareOfAsync(clientId));
    }

    private static async Task<string> RelationAsync(HttpClient owner, string clientId) =>
        (await owner.GetJsonAsync($"/api/v1/clients/{clientId}/care-relations?status=current")).GetProperty("items")[0].Id();

    private static async Task<IReadOnlyList<string>> EventsAsync(HttpClient owner, params string[] endings) =>
        [.. (await owner.GetJsonAsync("/api/v1/audit/events?limit=500")).GetProperty("items").EnumerateArray()
            .Where(item => endings.Any(ending => item.GetProperty("action").GetString()!.EndsWith(ending, StringComparison.Ordinal)))
            .Select(Describe)
            .Reverse()];

    private static string Describe(JsonElement item) => string.Join(
        ' ', new[] { "userId", "role", "action", "recordType", "recordId", "outcome" }.Select(name => item.GetProperty(name).GetString()));

    private static async Task<CareFactory> StartAsync()
    {
        var service = new CareFactory();
        await service.InitializeAsync();
        return service;
    }
}

using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Clients;

internal sealed class SearchClientsTool(PracticeApi practice) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "search_clients",
        ToolKind.Read,
        "Finds clients of the practice by name, part of a name, or id. Use it first whenever a client is named: it gives the client_id that other tools need.",
        "Looking for the client.",
        new(
            new("query", ToolParameterType.Text, "The client's name, part of it, or id.") { Required = true },
            new("limit", ToolParameterType.Whole, "The most clients to return.") { Default = 10, Minimum = 1, Maximum = 100 }));

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var call = await arguments.Call.ReadAsync(cancellationToken);
        var reply = await practice.SearchClientsAsync(call, arguments.Text("query"), arguments.Whole("limit"), cancellationToken);
        if (reply.Failed(out var error, out var found))
        {
            return error;
        }

        var result = new ClientSearchResult([.. found.Items.Select(ToResult)], found.Total);
        return ToolOutcome.Of(result, ToolJsonContext.Default.ClientSearchResult, Counted.Found(found.Total, "client"));
    }

    private static ClientResult ToResult(PracticeClient client) => new(
        client.Id, client.Name, client.Status, client.Pronouns, client.DateOfBirth, client.PractitionerName, client.SessionCount, client.LastSessionAt);
}

internal sealed record ClientSearchResult(IReadOnlyList<ClientResult> Clients, int Total);

internal sealed record ClientResult(
    Guid ClientId, string ClientName, string? Status, string? Pronouns, string? DateOfBirth, string? PractitionerName, int SessionCount,
    DateTimeOffset? LastSessionAt);

using System.Net.Http.Headers;
using AiPlatform.Distributed.Tests;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace AiPlatform.Browser.Tests;

/// <summary>What a practitioner comes for: find a client's last session, then have a progress note written from it.</summary>
internal static class MainJob
{
    /// <returns>The id of the run that wrote the note.</returns>
    public static async Task<string> RunAsync(DistributedApplication app)
    {
        var token = await SampleSignIn.TokenAsync(app);
        using var api = app.CreateHttpClient("api");
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await using var socket = await Conversation.OpenAsync(app, token, $"browser-{Guid.CreateVersion7():N}");
        await Conversation.SayAsync(socket, Conversation.FindSession(await SampleClients.WithSessionsAsync(api)));
        var write = await Conversation.SayAsync(socket, Conversation.WriteNote);
        Assert.Equal(["select_template_by_name", "generate_document_auto"], Conversation.ToolsOf(write));
        return write[0].RunId!;
    }
}

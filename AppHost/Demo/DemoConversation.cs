using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.AppHost.Startup;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.AppHost.Demo;

/// <summary>The main job, for the eyes: a practitioner finds a client's last session and has a progress note written from it. Then all stops.</summary>
internal sealed class DemoConversation(
    DistributedApplicationModel model, ResourceNotificationService notifications, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"\nThe demo failed: {exception.Message}");
            Environment.ExitCode = 1;
        }

        lifetime.StopApplication();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var name in (string[])["api", "documents", "chat"])
        {
            await notifications.WaitForResourceHealthyAsync(name, cancellationToken).WaitAsync(StartTimeout, cancellationToken);
        }

        using var api = new HttpClient { BaseAddress = Address("api") };
        var token = await SignInAsync(api, cancellationToken);
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var client = await ChooseClientAsync(api, cancellationToken);

        using var socket = await DemoSocket.ConnectAsync(Address("chat"), token, cancellationToken);
        DemoPrinter.Received(await socket.ReadAsync(cancellationToken));
        await ShowTranscribePageAsync(socket, cancellationToken);
        await TalkAsync(socket, $"Find {client} and show me the last session", cancellationToken);
        var completed = await TalkAsync(socket, "Write a progress note from it", cancellationToken);

        var written = completed.GetProperty("payload").GetProperty("result").GetProperty("documents");
        if (written.GetArrayLength() == 0)
        {
            throw new InvalidOperationException("The conversation ended without a document.");
        }

        using var documents = new HttpClient { BaseAddress = Address("documents") };
        documents.DefaultRequestHeaders.Authorization = api.DefaultRequestHeaders.Authorization;
        DemoPrinter.Document(await documents.GetFromJsonAsync<JsonElement>(
            $"/api/v1/documents/{written[0].GetProperty("document_id").GetString()}", cancellationToken));
    }

    private static async Task<string> SignInAsync(HttpClient api, CancellationToken cancellationToken)
    {
        var users = await api.GetFromJsonAsync<List<SampleUser>>("/api/v1/sample-users", cancellationToken) ?? [];
        var user = users.First(user => user.Role == "practitioner");
        DemoPrinter.Say($"Signing in as {user.Email}, {user.Role} at {user.Practice}.");
        using var response = await api.PostAsJsonAsync("/api/v1/auth/login", new { email = user.Email, password = user.Password }, cancellationToken);
        response.EnsureSuccessStatusCode();
        var login = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return login.GetProperty("data").GetProperty("accessToken").GetString()!;
    }

    // Whoever has the most sessions has the most to show.
    private static async Task<string> ChooseClientAsync(HttpClient api, CancellationToken cancellationToken)
    {
        var sessions = await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=50", cancellationToken);
        return sessions.GetProperty("items").EnumerateArray()
            .GroupBy(session => session.GetProperty("clientName").GetString()!)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .First().Key;
    }

    private static async Task ShowTranscribePageAsync(DemoSocket socket, CancellationToken cancellationToken)
    {
        await socket.SendAsync(
            new
            {
                type = "ui_state_update",
                state = new
                {
                    page_type = "transcribe_page",
                    page_url = "/transcribe",
                    loadedSessions = Array.Empty<object>(),
                    generatedDocuments = Array.Empty<object>(),
                    timestamp = DateTimeOffset.UtcNow,
                },
            },
            cancellationToken);
        DemoPrinter.Received(await socket.ReadAsync(cancellationToken));
    }

    private static async Task<JsonElement> TalkAsync(DemoSocket socket, string message, CancellationToken cancellationToken)
    {
        DemoPrinter.Sent(message);
        await socket.SendAsync(new { type = "chat_message", message }, cancellationToken);
        while (true)
        {
            var frame = await socket.ReadAsync(cancellationToken);
            DemoPrinter.Received(frame);
            if (frame.GetProperty("type").GetString() == "agent_completed")
            {
                return frame.GetProperty("payload").GetProperty("status").GetString() == "completed"
                    ? frame
                    : throw new InvalidOperationException("The run did not complete.");
            }
        }
    }

    private Uri Address(string name) =>
        new(model.Resources.OfType<IResourceWithEndpoints>().Single(resource => resource.Name == name).GetEndpoint("http").Url);
}

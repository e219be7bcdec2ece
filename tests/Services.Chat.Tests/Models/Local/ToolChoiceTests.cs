using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local;
using Microsoft.Extensions.AI;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Models.Local;

/// <summary>The forty labelled requests. The held-out half is scored only: which of them fail is not printed.</summary>
public sealed class ToolChoiceTests(ITestOutputHelper output)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public async Task FirstTool_HeldOutRequests_AreMostlyRight()
    {
        var requests = JsonSerializer.Deserialize<List<LabelledRequest>>(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Models", "Local", "requests.json")), Options)!;
        var tuned = requests.Where(request => !request.HeldOut).ToList();
        var heldOut = requests.Where(request => request.HeldOut).ToList();

        var tunedRight = 0;

        foreach (var request in tuned)
        {
            var chosen = await FirstToolAsync(request);
            tunedRight += chosen == request.Expected ? 1 : 0;
            output.WriteLine($"{(chosen == request.Expected ? "right" : "WRONG")} {request.Id}: {request.Text} -> {chosen} (expected {request.Expected})");
        }

        var heldOutRight = 0;

        foreach (var request in heldOut)
        {
            heldOutRight += await FirstToolAsync(request) == request.Expected ? 1 : 0;
        }

        output.WriteLine($"tuned {tunedRight}/{tuned.Count}, held out {heldOutRight}/{heldOut.Count}");
        Assert.Equal((20, 20), (tuned.Count, heldOut.Count));
        Assert.True(heldOutRight >= 0.8 * heldOut.Count, $"Only {heldOutRight} of {heldOut.Count} held-out requests start with the right tool.");
    }

    private static async Task<string> FirstToolAsync(LabelledRequest request)
    {
        using var client = new LocalChatClient(TimeProvider.System);
        var response = await client.GetResponseAsync(
            LocalRequests.Messages(request.Text, request.UiState, request.PageType, request.History),
            LocalRequests.Options(request.PageType));

        return response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().FirstOrDefault()?.Name ?? "none";
    }
}

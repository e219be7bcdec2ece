using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Local;

/// <summary>Plays an agent's rounds: each tool call is answered with what the test prepared for that tool.</summary>
internal sealed class LocalRun(List<ChatMessage> messages, ChatOptions options)
{
    private const int MaxRounds = 10;

    public Dictionary<string, string> Results { get; } = [];

    public List<(string Tool, string Arguments)> Calls { get; } = [];

    public async Task<string> ToAnswerAsync()
    {
        using var client = new LocalChatClient(TimeProvider.System);

        for (var round = 0; round < MaxRounds; round++)
        {
            var response = await client.GetResponseAsync(messages, options);
            messages.AddMessages(response);
            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();

            if (calls.Count == 0)
            {
                return response.Text;
            }

            foreach (var call in calls)
            {
                Calls.Add((call.Name, JsonSerializer.Serialize(call.Arguments)));
                messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, Results[call.Name])]));
            }
        }

        throw new InvalidOperationException("The run went in circles.");
    }
}

using System.Text.Json;
using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>
/// What a run has used so far, also in the middle of a round. The provider's own count stands; for a round it has not counted, because
/// it was cut off or never counts, the characters that went and came are counted, and the sum says that it is estimated.
/// </summary>
internal sealed class UsageMeter
{
    private const int CharactersPerToken = 4;

    private long _inputTokens;
    private long _outputTokens;
    private bool _estimated;
    private long _sent;
    private long _received;
    private bool _answered;
    private UsageDetails? _told;

    public UsagePayload SoFar
    {
        get
        {
            var (input, output, estimated) = Round();
            return new(_inputTokens + input, _outputTokens + output, 0m, _estimated || estimated ? true : null);
        }
    }

    public void BeginRound(IEnumerable<ChatMessage> messages)
    {
        var (input, output, estimated) = Round();
        _inputTokens += input;
        _outputTokens += output;
        _estimated |= estimated;

        _sent = messages.SelectMany(message => message.Contents).Sum(Length);
        _received = 0;
        _answered = false;
        _told = null;
    }

    public void Observe(ChatResponseUpdate update)
    {
        _answered = true;
        foreach (var content in update.Contents)
        {
            if (content is UsageContent { Details: var details })
            {
                _told ??= new();
                _told.Add(details);
            }
            else
            {
                _received += Length(content);
            }
        }
    }

    // A request that was never answered is taken as not counted anywhere.
    private (long Input, long Output, bool Estimated) Round()
    {
        if (!_answered)
        {
            return default;
        }

        return (
            _told?.InputTokenCount ?? Tokens(_sent),
            _told?.OutputTokenCount ?? Tokens(_received),
            _told is not { InputTokenCount: not null, OutputTokenCount: not null });
    }

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    private static long Length(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        TextReasoningContent reasoning => reasoning.Text.Length,
        FunctionCallContent call => call.Name.Length + (call.Arguments?.Sum(argument => argument.Key.Length + Length(argument.Value)) ?? 0),
        FunctionResultContent result => Length(result.Result),
        _ => 0,
    };

    private static long Length(object? value) => value is JsonElement json ? json.GetRawText().Length : value?.ToString()?.Length ?? 0;
}

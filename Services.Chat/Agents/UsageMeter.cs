using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>
/// What a run has used so far, also in the middle of a round. The provider's own count stands; for a round it has not counted, because
/// it was cut off or never counts, the characters that went and came are counted, and the sum says that it is estimated.
/// </summary>
/// <param name="prices">Null for a model that costs nothing that we know of.</param>
internal sealed class UsageMeter(ModelPrices? prices)
{
    // As the record of a run has it.
    private const int CostDecimals = 6;

    private TokenUsage _rounds = TokenUsage.None;
    private long _sent;
    private long _received;
    private bool _answered;
    private UsageDetails? _told;

    public UsagePayload SoFar
    {
        get
        {
            var usage = _rounds + Round();
            return new(usage.Input, usage.Output, decimal.Round(prices?.CostOf(usage) ?? 0m, CostDecimals), usage.IsEstimated ? true : null);
        }
    }

    public void BeginRound(IEnumerable<ChatMessage> messages)
    {
        _rounds += Round();
        _sent = UpdateMeter.Length(messages);
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
                _received += UpdateMeter.Length(content);
            }
        }
    }

    // A request that was never answered is taken as not counted anywhere.
    private TokenUsage Round() => !_answered ? TokenUsage.None : new(
        _told?.InputTokenCount ?? TokenUsage.OfCharacters(_sent),
        _told?.OutputTokenCount ?? TokenUsage.OfCharacters(_received),
        _told?.CachedInputTokenCount ?? 0,
        IsEstimated: _told is not { InputTokenCount: not null, OutputTokenCount: not null });
}

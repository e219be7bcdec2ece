using Anthropic.Models.Messages;

namespace AiPlatform.Services.Chat.Models.Providers.Anthropic;

/// <summary>The pieces of tool calls, which the SDK's adapter gathers until a call is whole.</summary>
internal sealed class AnthropicToolPieces
{
    private readonly Dictionary<long, (string Id, string Name)> _open = [];

    public ToolCallDelta? Read(object? raw)
    {
        switch (raw)
        {
            case RawContentBlockStartEvent { ContentBlock.Value: ToolUseBlock tool } start:
                _open[start.Index] = (tool.ID, tool.Name);
                return new(tool.ID, tool.Name, "");
            case RawContentBlockDeltaEvent { Delta.Value: InputJsonDelta json } delta when _open.TryGetValue(delta.Index, out var call):
                return new(call.Id, call.Name, json.PartialJson);
            default:
                return null;
        }
    }
}

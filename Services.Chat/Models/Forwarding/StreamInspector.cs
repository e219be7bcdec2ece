using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>What an event of a stream is to the forwarder.</summary>
internal enum StreamEvent
{
    /// <summary>To be passed on.</summary>
    Content,

    /// <summary>The chunk that holds the usage and nothing else.</summary>
    Usage,

    /// <summary>The last one.</summary>
    Done,

    /// <summary>The provider says that it failed.</summary>
    Error,

    /// <summary>Not what it should be.</summary>
    Unreadable,
}

/// <summary>
/// Looks at each event of a stream as it passes: whether it can be read, whether it was the last, the tokens it tells of, and how much
/// text came, for when the stream breaks off before it tells.
/// </summary>
internal sealed class StreamInspector
{
    // One bit a choice; no provider gives more of them.
    private UInt128 _begun;
    private UInt128 _ended;
    private long _characters;

    /// <summary>As the provider counted; null as long as it has not.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>The model said of each choice that it began why it stopped: what may be missing after it is form only.</summary>
    public bool HasFinished => _ended != 0 && _begun == _ended;

    public bool IsDone { get; private set; }

    /// <summary>Of a response: what can be gone on from.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>The code that the provider's error carried.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>The provider's count, or ours when it gave none.</summary>
    public TokenUsage UsageSoFar(long inputEstimate) =>
        Usage ?? new(inputEstimate, TokenUsage.OfCharacters(_characters), IsEstimated: true);

    public StreamEvent Look(ReadOnlySpan<byte> sent)
    {
        if (!EventSplitter.IsEvent(sent))
        {
            return StreamEvent.Unreadable;
        }

        var data = EventSplitter.DataOf(sent);

        if (data.IsEmpty)
        {
            return StreamEvent.Content;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            IsDone = true;
            return StreamEvent.Done;
        }

        try
        {
            return Read(data);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a reader's word for a text that is no Unicode, or no text: {"type":5}
            return StreamEvent.Unreadable;
        }
    }

    // {"id":"...","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null}
    // {"type":"response.output_text.delta","delta":"Hi"}   {"type":"response.completed","response":{"usage":{...}}}
    private StreamEvent Read(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        var (hasChoice, hasUsage, hasError, isNamed) = (false, false, false, false);
        var (inChoices, choice, isLast) = (false, 0, false);

        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                if (inChoices && reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 2)
                {
                    Note(choice, isLast);
                    (choice, isLast) = (0, false);
                }

                inChoices &= reader.TokenType != JsonTokenType.EndArray || reader.CurrentDepth > 1;
                continue;
            }

            if (reader.CurrentDepth == 1 && reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                inChoices = reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray;
                hasChoice |= inChoices;
            }
            else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isNamed = true;
                IsDone |= reader.ValueTextEquals("response.completed"u8) || reader.ValueTextEquals("response.incomplete"u8) || reader.ValueTextEquals("response.failed"u8);
                hasError |= reader.ValueTextEquals("error"u8);
            }
            else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                hasError |= reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String;
            }
            else if (reader.CurrentDepth <= 2 && reader.ValueTextEquals("usage"u8))
            {
                reader.Read();

                if (reader.TokenType == JsonTokenType.StartObject && UsageReader.Read(ref reader) is { } usage)
                {
                    (Usage, hasUsage) = (usage, true);
                }
            }
            else if (inChoices && reader.CurrentDepth == 3 && reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                isLast = reader.TokenType == JsonTokenType.String;
            }
            else if (inChoices && reader.CurrentDepth == 3 && reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                choice = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index is >= 0 and < 128 ? index : 0;
            }
            else if (ResponseId is null && reader.CurrentDepth == 2 && reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                ResponseId = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("code"u8))
            {
                reader.Read();
                ErrorCode = reader.TokenType == JsonTokenType.String ? reader.GetString() : ErrorCode;
            }
            else if (IsText(ref reader))
            {
                reader.Read();
                _characters += reader.TokenType == JsonTokenType.String ? reader.ValueSpan.Length : 0;
            }
        }

        return hasError && !hasChoice ? StreamEvent.Error
            : hasUsage && !hasChoice && !isNamed ? StreamEvent.Usage
            : StreamEvent.Content;
    }

    private void Note(int choice, bool isLast)
    {
        var bit = UInt128.One << choice;
        _begun |= bit;
        _ended |= isLast ? bit : 0;
    }

    private static bool IsText(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("arguments"u8)
        || reader.ValueTextEquals("refusal"u8) || (reader.CurrentDepth == 1 && reader.ValueTextEquals("delta"u8));
}

using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>Reads one stream of chunks. Calls are whole when the model says why it stopped; usage and sources are told at the end.</summary>
internal sealed class OpenAiStream
{
    private readonly ToolCallAssembly _calls = new();
    private readonly Dictionary<string, CitationAnnotation> _sources = new(StringComparer.Ordinal);
    private JsonElement? _usage;
    private ChatResponseUpdate? _last;

    // {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}
    public ChatResponseUpdate Read(JsonElement chunk)
    {
        if (chunk.Object("error") is not null)
        {
            // The status is sent by then, so a server that fails midway says so in an event.
            throw Failure(chunk);
        }

        // Some send the sum so far with every chunk; the last one counts.
        _usage = chunk.Object("usage") ?? _usage;
        var update = new ChatResponseUpdate
        {
            Role = ChatRole.Assistant,
            ResponseId = chunk.Text("id"),
            MessageId = chunk.Text("id"),
            ModelId = chunk.Text("model"),
            CreatedAt = OpenAiReplies.Created(chunk),
        };

        foreach (var source in Sources.Of(chunk))
        {
            _sources[source.Url!.AbsoluteUri] = source;
        }

        foreach (var choice in chunk.Items("choices").Take(1))
        {
            ReadChoice(choice, update);
        }

        _last = update;
        return update;
    }

    public ChatResponseUpdate? End()
    {
        var contents = new List<AIContent>();

        if (_sources.Count > 0)
        {
            contents.Add(new TextContent("") { Annotations = [.. _sources.Values] });
        }

        if (_usage is { } usage)
        {
            contents.Add(new UsageContent(OpenAiReplies.ToUsage(usage)));
        }

        return contents.Count == 0 ? null : new(ChatRole.Assistant, contents)
        {
            ResponseId = _last?.ResponseId,
            MessageId = _last?.MessageId,
            ModelId = _last?.ModelId,
            CreatedAt = _last?.CreatedAt,
        };
    }

    private void ReadChoice(JsonElement choice, ChatResponseUpdate update)
    {
        if (choice.Object("delta") is { } delta)
        {
            foreach (var content in OpenAiReplies.Contents(delta))
            {
                update.Contents.Add(content);
            }

            foreach (var source in Sources.OfMessage(delta))
            {
                _sources[source.Url!.AbsoluteUri] = source;
            }

            foreach (var (piece, place) in delta.Items("tool_calls").Select((piece, place) => (piece, place)))
            {
                var function = piece.Object("function") ?? default;
                update.Contents.Add(_calls.Add((int)(piece.Number("index") ?? place), piece.Text("id"), function.Text("name"), function.Text("arguments")));
            }
        }

        if (choice.Text("finish_reason") is { } reason)
        {
            update.FinishReason = OpenAiReplies.ToReason(reason, _calls.Count > 0);

            foreach (var call in _calls.Take())
            {
                update.Contents.Add(call);
            }
        }
    }

    private static DomainException Failure(JsonElement chunk)
    {
        var error = chunk.Object("error")!.Value;
        var status = error.Number("code") ?? error.Number("status") ?? 0;
        return ProviderErrors.Of(status is >= 400 and < 600 ? (int)status : 500, error.Text("code"));
    }
}

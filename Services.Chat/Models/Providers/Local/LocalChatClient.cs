using System.Runtime.CompilerServices;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Drafting;
using AiPlatform.Services.Chat.Models.Providers.Local.Planning;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Local;

/// <summary>
/// The embedded model: no weights, no network, the same answer to the same request. It gets what any model gets
/// (messages, tool declarations, tool results) and says in every reply what it is.
/// </summary>
internal sealed class LocalChatClient(TimeProvider timeProvider) : IChatClient
{
    private const string Signature = "\n\n(Answered by the built-in `local` model.)";

    private static readonly ChatClientMetadata Metadata = new(ModelProvider.Local, defaultModelId: ModelProvider.Local);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<ChatMessage> given = [.. messages];
        var id = $"local-{Guid.CreateVersion7():N}";

        // The answer is computed whole: a reader that waits must not hold a thread that others need.
        var step = await Task.Run(() => Answer(given, options), cancellationToken);
        var output = 0L;

        if (step is CallStep call)
        {
            var arguments = call.Arguments.ToDictionary();
            output = Tokens.Count(call.Tool) + arguments.Sum(argument => Tokens.Count(argument.Key) + Tokens.Count(argument.Value?.ToString() ?? ""));
            yield return Update(id, [new FunctionCallContent(CallId(given, call), call.Tool, arguments)]);
        }
        else if (step is SayStep say)
        {
            foreach (var delta in Deltas(say.Text))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Update(id, [new TextContent(delta)]);
            }

            output = Tokens.Count(say.Text);
        }

        var input = given.Sum(Count);
        var last = Update(id, [new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output })]);
        last.FinishReason = step is CallStep ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        yield return last;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? Metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private Step Answer(List<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.ResponseFormat is ChatResponseFormatJson format)
        {
            return format.SchemaName == DraftWriter.SchemaName
                ? new SayStep(DraftWriter.Write(messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "", format.Schema))
                : throw new DomainException(DomainErrorKind.Unprocessable, "model.schema_unsupported", "The local model writes JSON only for the schema document_draft.");
        }

        var step = new Planner(LocalConversation.Read(messages, options, timeProvider.GetUtcNow())).Next();
        return step is SayStep say ? new SayStep(say.Text + Signature) : step;
    }

    private ChatResponseUpdate Update(string id, IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = id,
        MessageId = id,
        ModelId = ModelProvider.Local,
        CreatedAt = timeProvider.GetUtcNow(),
    };

    // A word with the white space after it.
    private static IEnumerable<string> Deltas(string text)
    {
        var start = 0;

        for (var i = 1; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i]) && char.IsWhiteSpace(text[i - 1]))
            {
                yield return text[start..i];
                start = i;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    // Stable for the same conversation, different for each call in it.
    private static string CallId(List<ChatMessage> messages, CallStep call)
    {
        var hash = 14695981039346656037UL;

        foreach (var character in string.Concat(messages.Select(message => message.Text).Append(call.Tool)))
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return $"call_{messages.Count}_{hash:x16}";
    }

    private static int Count(ChatMessage message) => message.Contents.Sum(content => content switch
    {
        TextContent text => Tokens.Count(text.Text),
        FunctionCallContent call => Tokens.Count(call.Name) + (call.Arguments?.Sum(argument => Tokens.Count(argument.Value?.ToString() ?? "")) ?? 0),
        FunctionResultContent { Result: JsonElement json } => Tokens.Count(json.GetRawText()),
        FunctionResultContent result => Tokens.Count(result.Result?.ToString() ?? ""),
        _ => 0,
    });
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Agents;

internal delegate IAsyncEnumerable<ChatResponseUpdate> ScriptedRound(ModelRequest request, CancellationToken cancellationToken);

/// <summary>A model that says, round by round, what the test wrote down; the last round repeats.</summary>
internal sealed class ScriptedModel(params IReadOnlyList<ScriptedRound> rounds) : IChatClient, IChatModels
{
    private readonly ConcurrentQueue<ModelRequest> _requests = new();

    public IReadOnlyList<ModelRequest> Requests => [.. _requests];

    public string? AskedFor { get; private set; }

    public static ScriptedRound Says(params string[] deltas) =>
        (_, cancellationToken) => StreamAsync([.. deltas.Select(delta => (AIContent)new TextContent(delta)), Usage(10, 5)], cancellationToken);

    public static ScriptedRound Emits(params AIContent[] contents) => (_, cancellationToken) => StreamAsync(contents, cancellationToken);

    public static FunctionCallContent Call(string id, string name, object? arguments = null) => new(
        id,
        name,
        arguments?.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(arguments)));

    public static ScriptedRound Calls(params FunctionCallContent[] calls) => Emits([.. calls, Usage(20, 7)]);

    public IChatClient GetChatClient(string? model, ModelCaller caller)
    {
        AskedFor = model;
        return this;
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new ModelRequest([.. messages], options!);
        _requests.Enqueue(request);
        return rounds[Math.Min(_requests.Count, rounds.Count) - 1](request, cancellationToken);
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Runs stream.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static UsageContent Usage(int input, int output) => new(new UsageDetails { InputTokenCount = input, OutputTokenCount = output });

    private static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<AIContent> contents, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var content in contents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return new(ChatRole.Assistant, [content]);
        }
    }
}

internal sealed record ModelRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)
{
    public string System => Messages[0].Text;

    public IReadOnlyList<FunctionResultContent> Results => [.. Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()];
}

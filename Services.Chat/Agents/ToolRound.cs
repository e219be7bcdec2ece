using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tools;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>Runs the tool calls of one round: admits each in the model's order, runs a few at a time, equal ones once.</summary>
internal sealed class ToolRound(
    ToolCatalog catalog, ToolExecutor executor, IUiStateStore uiStates, ToolScope run, RunFrames frames, int parallel)
{
    private readonly HashSet<string> _usedIds = new(StringComparer.Ordinal);

    /// <returns>One result for each call, in the order of the calls; equal calls share theirs.</returns>
    public async Task<IReadOnlyList<(FunctionCallContent Call, ToolResult Result)>> RunAsync(
        IReadOnlyList<FunctionCallContent> contents, CancellationToken cancellationToken)
    {
        var calls = contents.Select(content => ToolCall.From(content, UniqueId(content.CallId))).ToList();
        var distinct = calls.DistinctBy(call => call.Key).ToList();
        var results = new ToolResult[distinct.Count];

        await Parallel.ForEachAsync(
            AdmitAsync(distinct, results, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (admitted, token) => results[admitted.Index] = await ExecuteAsync(admitted, token));

        var byKey = results.ToDictionary(result => result.Call.Key);
        return [.. contents.Zip(calls, (content, call) => (content, byKey[call.Key]))];
    }

    public string Describe(IReadOnlyList<FunctionCallContent> contents)
    {
        var activities = contents.Select(content => catalog.Find(content.Name)?.Definition.Activity).OfType<string>().Distinct().Take(3).ToList();
        return activities.Count == 0 ? "Checking what can be done here." : string.Join(' ', activities);
    }

    // Advanced by one caller at a time, so the executing frames come in the model's order, each when its call begins.
    private async IAsyncEnumerable<AdmittedCall> AdmitAsync(
        List<ToolCall> calls, ToolResult[] results, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var index = 0; index < calls.Count; index++)
        {
            var call = calls[index];
            var state = await uiStates.ReadAsync(run.Session, cancellationToken);
            var admission = catalog.Admit(run, call.Name, state.PageType);
            await frames.AskedAsync(call, catalog.Find(call.Name)?.Definition.Activity ?? call.Name, cancellationToken);
            if (admission.Tool is { } tool)
            {
                await frames.ExecutingAsync(call, tool, cancellationToken);
                yield return new(index, tool, call, new(run, call.Id, state, uiStates));
            }
            else
            {
                results[index] = executor.Refuse(call, admission.Refusal!);
                await frames.AnsweredAsync(results[index], cancellationToken);
            }
        }
    }

    private async Task<ToolResult> ExecuteAsync(AdmittedCall admitted, CancellationToken cancellationToken)
    {
        var result = await executor.ExecuteAsync(admitted.Tool, admitted.Call, admitted.Context, cancellationToken);
        await frames.CompletedAsync(result, cancellationToken);
        await frames.AnsweredAsync(result, cancellationToken);
        return result;
    }

    // Frames and idempotency keys rest on ids being unique in a run; not every server's are.
    private string UniqueId(string callId)
    {
        var wanted = string.IsNullOrWhiteSpace(callId) ? "call" : callId;
        var id = wanted;
        for (var number = 2; !_usedIds.Add(id); number++)
        {
            id = $"{wanted}_{number}";
        }

        return id;
    }

    private sealed record AdmittedCall(int Index, AgentTool Tool, ToolCall Call, ToolContext Context);
}

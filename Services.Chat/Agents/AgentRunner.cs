using System.Diagnostics;
using System.Globalization;
using System.Text;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Agents.Context;
using AiPlatform.Services.Chat.Agents.Personas;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>
/// Executes one run: model, tools, model, until the model answers without asking for a tool. Failures of tools go back to the
/// model; failures of the model are the caller's, as exceptions.
/// </summary>
internal sealed partial class AgentRunner(
    IServiceScopeFactory scopes,
    PersonaCatalog personas,
    IChatModels models,
    IUiStateStore uiStates,
    TimeProvider timeProvider,
    IOptions<AgentOptions> options,
    IOptions<ToolOptions> toolOptions,
    ILogger<AgentRunner> logger)
{
    private const string SilentText = "The steps were carried out; the model gave no answer to go with them.";

    private static readonly CompositeFormat LimitFormat = CompositeFormat.Parse(
        "I reached the limit of {0} steps for one request and stopped before it was finished. What was done so far stands; tell me how to go on.");

    public async Task<AgentOutcome> RunAsync(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
    {
        using var activity = AgentTelemetry.StartRun(run);
        try
        {
            return await RunScopedAsync(run, output, token, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            activity?.SetTag("error.type", exception.GetType().FullName);
            activity?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    private async Task<AgentOutcome> RunScopedAsync(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
    {
        var persona = personas.Get(run.Persona);
        var model = models.GetChatClient(run.Model ?? persona.Model, ModelCaller.Of(run.User) with { Persona = persona.Name, RunId = run.RunId });

        await using var scope = scopes.CreateAsyncScope();
        using var frames = new RunFrames(persona.Name, run.ProviderFrames, toolOptions.Value, output);
        var catalog = scope.ServiceProvider.GetRequiredService<ToolCatalog>();
        var executor = scope.ServiceProvider.GetRequiredService<ToolExecutor>();
        var toolScope = new ToolScope(run.RunId, persona.Name, run.User, run.Session, token.GetAsync, run.CorrelationId);
        var tools = new ToolRound(catalog, executor, uiStates, toolScope, frames, options.Value.MaxParallelToolCalls);

        var journal = new RunJournal();
        var meter = new UsageMeter(model.GetService(typeof(ModelPrices)) as ModelPrices);
        List<ChatMessage> conversation = [.. run.History, new(ChatRole.User, run.Message)];
        for (var round = 1; ; round++)
        {
            var state = await uiStates.ReadAsync(run.Session, cancellationToken);
            var system = SystemPrompt.Build(persona, run.User, state, timeProvider.GetUtcNow());
            var response = await ModelRound.StreamAsync(
                model, [system, .. conversation], Options(persona, catalog.Offer(persona.Name, state.PageType)), meter, frames, cancellationToken);
            journal.AddRound();
            conversation.AddRange(response.Messages);

            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Where(call => !call.InformationalOnly).ToList();
            if (calls.Count == 0)
            {
                await EnsureAnsweredAsync(response, journal, frames, cancellationToken);
                break;
            }

            if (round == options.Value.MaxRounds)
            {
                LogLimitReached(run.RunId, round);
                frames.BeginRound();
                await frames.TextAsync(string.Format(CultureInfo.InvariantCulture, LimitFormat, round), cancellationToken);
                break;
            }

            await frames.ThinkingAsync(tools.Describe(calls), 100 * round / options.Value.MaxRounds, cancellationToken);
            var results = await tools.RunAsync(calls, cancellationToken);
            journal.Add(results.Select(result => result.Result).Distinct());
            conversation.Add(new(ChatRole.Tool, [.. results.Select(ToContent)]));
        }

        foreach (var action in journal.UiActions)
        {
            await frames.UiActionAsync(action, cancellationToken);
        }

        return journal.Close(frames.Text, meter.SoFar);
    }

    // Work that was done is told even when the model has nothing to say about it; otherwise silence is a failure of the model.
    private static async ValueTask EnsureAnsweredAsync(
        ChatResponse response, RunJournal journal, RunFrames frames, CancellationToken cancellationToken)
    {
        if (frames.Text.Length > 0)
        {
            return;
        }

        if (journal.HasCalls)
        {
            await frames.TextAsync(SilentText, cancellationToken);
            return;
        }

        throw response.FinishReason == ChatFinishReason.ContentFilter
            ? new DomainException(DomainErrorKind.Unprocessable, "provider.content_filtered", "The model declined to answer this request.")
            : new DomainException(DomainErrorKind.Upstream, "provider.empty_reply", "The model gave no answer.");
    }

    private static ChatOptions Options(Persona persona, IList<AITool> tools) => new()
    {
        Temperature = persona.Temperature,
        MaxOutputTokens = persona.MaxOutputTokens,
        Tools = tools,
        AllowMultipleToolCalls = tools.Count > 0 ? true : null,
    };

    private static AIContent ToContent((FunctionCallContent Call, ToolResult Result) answered) =>
        new FunctionResultContent(answered.Call.CallId, answered.Result.ToJson(answered.Call.CallId));

    [LoggerMessage(LogLevel.Warning, "Run {RunId} reached its limit of {Rounds} rounds.")]
    private partial void LogLimitReached(Guid runId, int rounds);
}

using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>
/// Runs one admitted call: checks its arguments, bounds it in time, repeats what may pass, writes under one key each time, and turns every
/// failure into a result.
/// </summary>
internal sealed partial class ToolExecutor(WriteOnce writes, TimeProvider timeProvider, IOptions<ToolOptions> options, ILogger<ToolExecutor> logger)
{
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)];

    public async Task<ToolResult> ExecuteAsync(AgentTool tool, ToolCall call, ToolContext context, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        using var activity = ToolTelemetry.StartCall(tool.Name, call.Id);

        var outcome = await RunAsync(tool, call, context, cancellationToken);

        var elapsed = timeProvider.GetElapsedTime(started);
        ToolTelemetry.EndCall(activity, tool.Name, outcome, elapsed);
        LogCompleted(tool.Name, context.Run.RunId, outcome.Error?.Code ?? "completed", (long)elapsed.TotalMilliseconds);
        return new(call, outcome, timeProvider.GetUtcNow(), (long)elapsed.TotalMilliseconds);
    }

    public ToolResult Refuse(ToolCall call, ToolOutcome refusal) => new(call, refusal, timeProvider.GetUtcNow(), 0);

    private async Task<ToolOutcome> RunAsync(AgentTool tool, ToolCall call, ToolContext context, CancellationToken cancellationToken)
    {
        if (call.Malformed)
        {
            return ToolOutcome.Failed("validation_error", $"{tool.Name}: the arguments are not a JSON object.");
        }

        if (tool.Definition.Parameters.Bind(call.Arguments, out var values) is { Count: > 0 } faults)
        {
            return ToolOutcome.Failed("validation_error", $"{tool.Name}: {string.Join("; ", faults)}.");
        }

        var arguments = new ToolArguments(values, context);
        return tool.Definition.Kind is ToolKind.Write
            ? Final(await writes.RunAsync(call, context, () => BoundedAsync(tool, arguments, cancellationToken), cancellationToken))
            : await BoundedAsync(tool, arguments, cancellationToken);
    }

    private async Task<ToolOutcome> BoundedAsync(AgentTool tool, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var limit = tool.Definition.Generates ? options.Value.GenerationTimeout : options.Value.CallTimeout;
        using var timeout = new CancellationTokenSource(limit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await RepeatAsync(tool, arguments, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return ToolOutcome.Failed("timeout", $"{tool.Name} did not finish in time.", retryable: true);
        }
    }

    private async Task<ToolOutcome> RepeatAsync(AgentTool tool, ToolArguments arguments, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var outcome = await AttemptAsync(tool, arguments, cancellationToken);
            if (outcome.Error is not { Retryable: true } error || (outcome.InDoubt && tool.Definition.Kind is ToolKind.Write) || attempt == RetryDelays.Length)
            {
                return outcome;
            }

            LogRepeating(tool.Name, arguments.Call.Run.RunId, error.Code, RetryDelays[attempt].TotalSeconds);
            await Task.Delay(RetryDelays[attempt], timeProvider, cancellationToken);
        }
    }

    private async Task<ToolOutcome> AttemptAsync(AgentTool tool, ToolArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            return (ToolOutcome)(await tool.InvokeAsync(arguments, cancellationToken))!;
        }
        catch (DomainException exception)
        {
            return Failed(exception);
        }
        catch (DependencyUnavailableException)
        {
            return ToolOutcome.Failed("upstream_error", "Something this needs is not available at the moment.", retryable: true);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, tool.Name, arguments.Call.Run.RunId);
            return ToolOutcome.Failed("internal_error", $"{tool.Name} failed.") with { InDoubt = true };
        }
    }

    // A model that repeats a write does it under a new call id, so it is never told that repeating is safe.
    private static ToolOutcome Final(ToolOutcome outcome) => outcome.Error is { Retryable: true } error
        ? outcome with { Error = error with { Retryable = false } }
        : outcome;

    private static ToolOutcome Failed(DomainException exception) => exception.Kind switch
    {
        DomainErrorKind.Unauthorized => ToolOutcome.Failed("unauthorized", exception.Message),
        DomainErrorKind.Forbidden => ToolOutcome.Failed("forbidden", exception.Message),
        DomainErrorKind.NotFound => ToolOutcome.Failed("not_found", exception.Message),
        DomainErrorKind.Conflict => ToolOutcome.Failed("conflict", exception.Message),
        DomainErrorKind.RateLimited => ToolOutcome.Failed("rate_limited", exception.Message, retryable: true),
        DomainErrorKind.Timeout => ToolOutcome.Failed("timeout", exception.Message, retryable: true),
        DomainErrorKind.Upstream or DomainErrorKind.Unavailable => ToolOutcome.Failed("upstream_error", exception.Message, retryable: true),
        _ => ToolOutcome.Failed("validation_error", exception.Message),
    };

    [LoggerMessage(LogLevel.Information, "Tool {Tool} of run {RunId} ended {Outcome} after {ElapsedMs} ms.")]
    private partial void LogCompleted(string tool, Guid runId, string outcome, long elapsedMs);

    [LoggerMessage(LogLevel.Information, "Tool {Tool} of run {RunId} failed with {Code}; trying again in {Seconds} s.")]
    private partial void LogRepeating(string tool, Guid runId, string code, double seconds);

    [LoggerMessage(LogLevel.Error, "Tool {Tool} of run {RunId} threw.")]
    private partial void LogFailed(Exception exception, string tool, Guid runId);
}

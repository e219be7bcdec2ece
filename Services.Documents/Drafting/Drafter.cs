using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Documents.Services;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Documents.Drafting;

/// <summary>Has a model write a plan's sentences; all or nothing, within a bound of time.</summary>
internal sealed partial class Drafter(
    ModelGateway gateway, TimeProvider timeProvider, IOptions<DraftingOptions> options, ILogger<Drafter> logger)
{
    private readonly DraftingOptions _options = options.Value;

    public async Task<WrittenDraft> WriteAsync(DraftPlan plan, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutSeconds), timeProvider);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await WritePartsAsync(plan, bound.Token);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw ModelGateway.TimedOut(exception);
        }
    }

    private async Task<WrittenDraft> WritePartsAsync(DraftPlan plan, CancellationToken cancellationToken)
    {
        var parts = DraftParts.Split(plan, _options.MaxCharactersPerRequest);
        var written = new (Draft Draft, string Model)[parts.Count];

        await Parallel.ForEachAsync(
            Enumerable.Range(0, parts.Count),
            new ParallelOptions { MaxDegreeOfParallelism = _options.ParallelRequests, CancellationToken = cancellationToken },
            async (index, token) => written[index] = await WritePartAsync(parts[index], token));

        LogDrafted(parts.Count, written[0].Model);
        return new(DraftParts.Merge(plan, [.. written.Select(part => part.Draft)]), written[0].Model, parts.Count);
    }

    private async Task<(Draft, string)> WritePartAsync(DraftPlan part, CancellationToken cancellationToken)
    {
        var request = DraftRequests.Build(part, _options);
        var completion = await gateway.CompleteAsync(request, cancellationToken);
        if (DraftParser.TryParse(completion.Content, part, out var draft, out var fault))
        {
            return (draft, completion.Model);
        }

        LogAskingAgain(completion.Model);
        var again = await gateway.CompleteAsync(DraftRequests.BuildAgain(request, completion.Content, fault), cancellationToken);
        return DraftParser.TryParse(again.Content, part, out draft, out _)
            ? (draft, again.Model)
            : throw new DomainException(
                DomainErrorKind.Upstream, "document.malformed_draft", "The model's reply could not be read as a document, twice. Nothing was stored.");
    }

    [LoggerMessage(LogLevel.Information, "Drafted in {Parts} parts with model {Model}.")]
    private partial void LogDrafted(int parts, string model);

    [LoggerMessage(LogLevel.Warning, "The reply of model {Model} is no draft; asking once more.")]
    private partial void LogAskingAgain(string model);
}

/// <param name="Parts">Requests the transcript was split into.</param>
internal sealed record WrittenDraft(Draft Draft, string Model, int Parts);

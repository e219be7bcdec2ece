using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Documents.Drafting;
using AiPlatform.Services.Documents.Grounding;
using AiPlatform.Services.Documents.Rendering;
using AiPlatform.Services.Documents.Sources;
using AiPlatform.Services.Documents.Storage;
using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Generation;

/// <summary>
/// The straight line of a document: sources, template, draft, grounding, rendering, storage. Nothing is stored before the last
/// step, and nothing of it is tied to a request, so that it can be a job's work as well.
/// </summary>
internal sealed partial class DocumentGenerator(
    SourceReader sources, ITemplateStore templates, Drafter drafter, IDocumentStore store, DocumentReader documents, TimeProvider timeProvider, ILogger<DocumentGenerator> logger)
{
    private const int MaxNameLength = 200;

    public async Task<StoredDocument> GenerateAsync(
        CurrentUser user, GenerateDocumentRequest request, IdempotencyClaim? claim, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        var template = await ChooseAsync(user, request.Template, cancellationToken);
        var outline = TemplateRules.Check(template.Name, template.Content);
        var snapshot = await sources.ReadAsync(user, request.ClientId, request.SessionIds, cancellationToken);

        var title = NullIfBlank(request.DocumentName);
        var name = title ?? $"{template.Name} - {snapshot.Client.Name} - {DocumentValues.SessionDates(snapshot)}";
        var version = await WriteAsync(
            user, new(1, Shorten(name), title, request.Instructions ?? "", template.Name, outline, snapshot, Previous: null), started, cancellationToken);

        var document = new StoredDocument(Head(user, request, template, snapshot), version);
        if (!await store.TryAddAsync(user.PracticeId, document, claim, cancellationToken))
        {
            throw ClaimLost();
        }

        LogGenerated(document.Head.Id, version.GenerationTimeMs);
        return document;
    }

    public async Task<StoredDocument> RefineAsync(
        CurrentUser user, Guid documentId, RefineDocumentRequest request, IdempotencyClaim? claim, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        var current = await documents.GetAsync(user, documentId, version: null, cancellationToken);
        var snapshot = await ReadAgainAsync(user, current.Head, cancellationToken);
        var outline = TemplateParser.Parse(current.Head.TemplateContent, current.Head.TemplateName);

        var title = NullIfBlank(request.DocumentName) ?? current.Version.Title;
        var version = await WriteAsync(
            user,
            new(current.Version.Version + 1, title ?? current.Version.Name, title, request.Instructions, current.Head.TemplateName, outline, snapshot, current.Version.Sections),
            started,
            cancellationToken);

        switch (await store.TryAddVersionAsync(user.PracticeId, documentId, version, claim, cancellationToken))
        {
            case AddVersionOutcome.VersionTaken:
                // The instructions were written about a text that is no longer the latest; only their author can say whether they still fit.
                throw new DomainException(
                    DomainErrorKind.Conflict, "document.version_conflict", "The document was changed meanwhile. Read it again before refining it.");
            case AddVersionOutcome.ClaimLost:
                throw ClaimLost();
        }

        LogRefined(documentId, version.Version, version.GenerationTimeMs);
        return current with { Version = version };
    }

    // The transcripts as Services.Api has them now, for the caller of now: what it erased or no longer shows them is not written from.
    // The people stay those the document names.
    private async Task<SourceSnapshot> ReadAgainAsync(CurrentUser user, DocumentHead head, CancellationToken cancellationToken) =>
        await sources.ReadAsync(user, head.ClientId, head.SessionIds, cancellationToken) with
        {
            Client = new(head.ClientId, head.ClientName),
            Practitioner = new(head.PractitionerId, head.PractitionerName),
        };

    private async Task<DocumentVersion> WriteAsync(CurrentUser user, Writing writing, long started, CancellationToken cancellationToken)
    {
        var values = DocumentValues.Of(writing.Sources, timeProvider.GetUtcNow());
        var plan = new DraftPlan(
            writing.TemplateName,
            Plan(writing, values),
            writing.Sources.Client.Name,
            writing.Sources.Practitioner.Name,
            writing.Instructions,
            writing.Sources.Sessions,
            writing.Previous is null ? null : PreviousDraft(writing));

        var written = await drafter.WriteAsync(plan, cancellationToken);
        var sections = Grounder.Ground(written.Draft, writing.Sources);
        var rendered = MarkdownRenderer.Render(
            writing.Title ?? (writing.Outline.Title is null ? writing.TemplateName : null), writing.Outline, sections, writing.Sources, values);

        return new(
            writing.Version, writing.Name, writing.Title, rendered.Markdown, sections, writing.Instructions, written.Draft.Note, rendered.WordCount,
            written.Parts == 1 ? "single_pass" : "multi_part", written.Model,
            (long)timeProvider.GetElapsedTime(started).TotalMilliseconds, user.UserId, Stored(timeProvider.GetUtcNow()));
    }

    /// <summary>The template's sections; in a refinement those the document has now, as earlier ones may have changed them.</summary>
    private static PlannedSection[] Plan(Writing writing, IReadOnlyDictionary<string, string> values)
    {
        PlannedSection[] ofTemplate = [.. writing.Outline.Sections.Select(section => new PlannedSection(
            TemplateVariables.Fill(section.Heading, values).Trim(), TemplateVariables.Fill(section.Guidance, values)))];

        return writing.Previous is null
            ? ofTemplate
            : [.. writing.Previous.Select(section => new PlannedSection(
                section.Heading,
                ofTemplate.FirstOrDefault(planned => planned.Heading.Equals(section.Heading, StringComparison.OrdinalIgnoreCase))?.Guidance ?? ""))];
    }

    private async Task<Template> ChooseAsync(CurrentUser user, TemplateChoice choice, CancellationToken cancellationToken)
    {
        if (choice.Id is not { } id)
        {
            return new(Guid.Empty, NullIfBlank(choice.Name) ?? "Document", "", TemplateType.Private, choice.Content ?? throw new DomainException(
                DomainErrorKind.Invalid, "template.required", "A document needs a template: its id or its content."));
        }

        var stored = await templates.FindAsync(user.PracticeId, user.UserId, id, cancellationToken)
            ?? throw new DomainException(DomainErrorKind.NotFound, "template.not_found", "There is no such template.");
        return stored with { Name = NullIfBlank(choice.Name) ?? stored.Name, Content = NullIfBlank(choice.Content) ?? stored.Content };
    }

    private static DocumentHead Head(CurrentUser user, GenerateDocumentRequest request, Template template, SourceSnapshot snapshot) => new(
        Guid.CreateVersion7(), user.UserId, snapshot.Client.Id, snapshot.Client.Name, snapshot.Practitioner.Id, snapshot.Practitioner.Name,
        request.Template.Id, template.Name, template.Content, [.. snapshot.Sessions.Select(session => session.Id)], NullIfBlank(request.ChatSessionId));

    private static Draft PreviousDraft(Writing writing) =>
        new([.. writing.Previous!.Select(section => new DraftSection(
            section.Heading,
            [.. section.Sentences.Select(sentence => new DraftSentence(
                sentence.Text, [.. sentence.Evidence.Select(evidence => $"{evidence.SessionId}:{evidence.SegmentIndex}")]))]))]);

    private static DomainException ClaimLost() => new(
        DomainErrorKind.Conflict, "idempotency.in_progress", "Another request with this idempotency key is being carried out.");

    // Tables keep microseconds; the first answer must read as every later one.
    private static DateTimeOffset Stored(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Shorten(string name) =>
        name.Length <= MaxNameLength ? name : name[..(char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength)];

    [LoggerMessage(LogLevel.Information, "Generated document {DocumentId} in {ElapsedMs} ms.")]
    private partial void LogGenerated(Guid documentId, long elapsedMs);

    [LoggerMessage(LogLevel.Information, "Refined document {DocumentId} to version {Version} in {ElapsedMs} ms.")]
    private partial void LogRefined(Guid documentId, int version, long elapsedMs);

    private sealed record Writing(
        int Version, string Name, string? Title, string Instructions, string TemplateName,
        TemplateOutline Outline, SourceSnapshot Sources, IReadOnlyList<DocumentSection>? Previous);
}

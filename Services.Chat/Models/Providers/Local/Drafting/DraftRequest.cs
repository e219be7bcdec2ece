using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>What a document is to be drafted from; the user message of a document_draft request.</summary>
internal sealed record DraftRequest(
    DraftTemplate Template,
    IReadOnlyList<DraftSession> Sessions,
    DraftPerson? Client = null,
    DraftPerson? Practitioner = null,
    string? Instructions = null,
    PreviousDraft? Previous = null);

internal sealed record DraftTemplate(string? Name, IReadOnlyList<TemplateSection> Sections);

internal sealed record TemplateSection(string Heading, string? Guidance);

internal sealed record DraftPerson(string? Name);

internal sealed record DraftSession(string Id, string? Title, string? StartedAt, IReadOnlyList<DraftSegment> Segments);

internal sealed record DraftSegment(string Id, string? Speaker, string? Start, string? Text);

internal sealed record PreviousDraft(IReadOnlyList<PreviousSection> Sections);

internal sealed record PreviousSection(string Heading, IReadOnlyList<PreviousSentence>? Sentences);

/// <summary>Evidence comes back as ids, or as objects that hold them.</summary>
internal sealed record PreviousSentence(string Text, IReadOnlyList<System.Text.Json.JsonElement>? Evidence);

/// <summary>The reply's content.</summary>
/// <param name="Note">What of the instructions could not be carried out.</param>
internal sealed record Draft(IReadOnlyList<DraftSection> Sections, string? Note = null);

internal sealed record DraftSection(string Heading, IReadOnlyList<DraftSentence> Sentences);

internal sealed record DraftSentence(string Text, IReadOnlyList<string> Evidence);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DraftRequest))]
[JsonSerializable(typeof(Draft))]
internal sealed partial class DraftJsonContext : JsonSerializerContext;

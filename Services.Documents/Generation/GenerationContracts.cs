using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Generation;

/// <param name="ClientId">Checked against the sessions; taken from them when absent.</param>
/// <param name="ChatSessionId">The chat session that asks, so that it can list its documents.</param>
public sealed record GenerateDocumentRequest(
    [Required] TemplateChoice Template,
    [Required, MinLength(1), MaxLength(20)] IReadOnlyList<Guid> SessionIds,
    [StringLength(200)] string? DocumentName = null,
    [StringLength(4_000)] string? Instructions = null,
    Guid? ClientId = null,
    [StringLength(200)] string? ChatSessionId = null);

/// <summary>A stored template by id, or a text sent along; with both, the text is written from under the id.</summary>
public sealed record TemplateChoice(
    Guid? Id = null, [StringLength(TemplateRules.MaxNameLength)] string? Name = null, string? Content = null);

public sealed record RefineDocumentRequest(
    [Required, StringLength(4_000, MinimumLength = 1)] string Instructions, [StringLength(200)] string? DocumentName = null);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GenerateDocumentRequest))]
[JsonSerializable(typeof(RefineDocumentRequest))]
internal sealed partial class GenerationJsonContext : JsonSerializerContext;

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Documents.Templates;

public sealed record TemplateRequest(
    [Required, StringLength(TemplateRules.MaxNameLength, MinimumLength = 1)] string Name,
    [Required] string Content,
    [StringLength(TemplateRules.MaxDescriptionLength)] string? Description = null,
    TemplateType Type = TemplateType.Private);

public sealed record TemplateResponse(
    Guid Id, string Name, string Description, TemplateType Type, string Content, IReadOnlyList<string> Variables);

public sealed record TemplateListResponse(IReadOnlyList<TemplateResponse> Items);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TemplateRequest))]
[JsonSerializable(typeof(TemplateResponse))]
[JsonSerializable(typeof(TemplateListResponse))]
internal sealed partial class TemplateJsonContext : JsonSerializerContext;

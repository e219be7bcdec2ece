using System.Text.Json.Serialization;

namespace AiPlatform.Services.Documents.Templates;

/// <summary>Who sees a template: everybody (shipped with the product), its practice, or its owner alone.</summary>
public enum TemplateType
{
    [JsonStringEnumMemberName("public")]
    Public,

    [JsonStringEnumMemberName("clinic")]
    Clinic,

    [JsonStringEnumMemberName("private")]
    Private,
}

internal sealed record Template(Guid Id, string Name, string Description, TemplateType Type, string Content)
{
    public Guid? OwnerId { get; init; }
}

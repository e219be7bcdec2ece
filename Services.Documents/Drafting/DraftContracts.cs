using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Documents.Drafting;

// The user message of a drafting request; the reply is a Draft.

internal sealed record DraftTask(
    string Task,
    DraftTaskTemplate Template,
    DraftTaskPerson Client,
    DraftTaskPerson Practitioner,
    string Instructions,
    IReadOnlyList<DraftTaskSession> Sessions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Draft? Previous);

internal sealed record DraftTaskTemplate(string Name, IReadOnlyList<PlannedSection> Sections);

internal sealed record DraftTaskPerson(string Name);

internal sealed record DraftTaskSession(string Id, string Title, DateTimeOffset StartedAt, IReadOnlyList<DraftTaskSegment> Segments);

internal sealed record DraftTaskSegment(string Id, string Speaker, string Start, string Text);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DraftTask))]
[JsonSerializable(typeof(Draft))]
internal sealed partial class DraftJsonContext : JsonSerializerContext;

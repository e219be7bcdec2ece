using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Threads;

internal sealed record ThreadResponse(Guid Id, string Title, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <param name="ParentId">The message this one answers or follows; siblings have the same parent.</param>
/// <param name="Status">complete, or what cut it short: cancelled, failed.</param>
internal sealed record MessageResponse(
    Guid Id, Guid? ParentId, Guid? RunId, string Role, string Content, string Status, DateTimeOffset CreatedAt);

internal sealed record ThreadPage(IReadOnlyList<ThreadResponse> Items, Guid? NextCursor);

internal sealed record MessagePage(IReadOnlyList<MessageResponse> Items, Guid? NextCursor);

/// <summary>The reply of the history routes (PROTOCOL section 10).</summary>
internal sealed record Envelope<T>(bool Success, int Code, string Message, T Data, EnvelopeMeta Meta);

internal sealed record EnvelopeMeta;

internal sealed record EnvelopeErrors(IReadOnlyList<EnvelopeError> Errors);

internal sealed record EnvelopeError(string Field, string Message, string Code);

internal static class Envelope
{
    public static Envelope<T> Ok<T>(T data) => new(true, StatusCodes.Status200OK, "OK", data, new());

    public static Envelope<EnvelopeErrors> Failed(int code, string message, string field, string errorCode) =>
        new(false, code, message, new([new(field, message, errorCode)]), new());
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Envelope<ThreadPage>))]
[JsonSerializable(typeof(Envelope<MessagePage>))]
[JsonSerializable(typeof(Envelope<EnvelopeErrors>))]
internal sealed partial class ThreadJsonContext : JsonSerializerContext;

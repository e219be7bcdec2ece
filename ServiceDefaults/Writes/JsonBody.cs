using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Writes;

/// <summary>
/// The body of a write, read when the handler asks for it, so that who may not write is told that first. Read strictly: a member that is
/// unknown, stands twice or has a value of another kind is refused with its path. An absent member is null; the feature says what is needed.
/// </summary>
public sealed class JsonBody<T>(HttpRequest request, JsonSerializerOptions options) : IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    static ValueTask<JsonBody<T>?> IBindableFromHttpContext<JsonBody<T>>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new JsonBody<T>(context.Request, context.RequestServices.GetRequiredService<StrictJson>().Options));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    public async Task<T> ReadAsync(CancellationToken cancellationToken) => (await ReadBytesAsync(cancellationToken)).Value;

    /// <summary>The body of a create, and the key that tells it from others.</summary>
    public async Task<(T Value, WriteKey Key)> ReadWithKeyAsync(CurrentUser user, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var (value, bytes) = await ReadBytesAsync(cancellationToken);
        return (value, WriteKey.Read(user, idempotencyKey, request, bytes));
    }

    private async Task<(T Value, byte[] Bytes)> ReadBytesAsync(CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        var bytes = await BoundedBody.ReadAsync(request, cancellationToken);
        try
        {
            // The parser checks the texts it makes only, not those it skips.
            return Utf8.IsValid(bytes) && JsonSerializer.Deserialize<T>(bytes, options) is { } value ? (value, bytes) : throw Malformed();
        }
        catch (JsonException exception)
        {
            throw exception.Path is null or "$" or "" ? Malformed() : Refused(exception.Path);
        }
    }

    private static DomainException Malformed() =>
        new(DomainErrorKind.Invalid, "request.malformed", "The body is not the JSON object that this route takes.");

    private static DomainException Refused(string path) =>
        new(DomainErrorKind.Invalid, "request.member_invalid", "The body has a member that is unknown, stands twice or has a value of another kind.")
        {
            Errors = [new(path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path, "Unknown, twice or of another kind.", "request.member_invalid")],
        };
}

/// <summary>How bodies of writes are read: as the answers are written, and strictly.</summary>
public sealed class StrictJson(IOptions<JsonOptions> http)
{
    public JsonSerializerOptions Options { get; } = new(http.Value.SerializerOptions)
    {
        AllowDuplicateProperties = false,
        MaxDepth = 16,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new InstantConverter() },
    };
}

using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Services.Api.Tests.OpenApi;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>A request that is answered, in parts that can be spoiled one by one: a row of the table with what the document says of its operation.</summary>
internal sealed record ValidRequest(ApiOperation Operation, ApiDocument Document, IsolationTests.Row Row)
{
    /// <summary>In a JSON body stands for half a character, which no JSON of .NET can hold.</summary>
    public const string LoneSurrogate = "(half a character)";

    /// <summary>Of the query, by name; a value that is null is left out.</summary>
    public IReadOnlyDictionary<string, string?> Query { get; init; } = new Dictionary<string, string?>();

    /// <summary>Null for none.</summary>
    public byte[]? Body { get; init; }

    public string MediaType { get; init; } = "application/json";

    public string? Key { get; init; } = $"{Guid.CreateVersion7()}";

    public string? IfMatch { get; init; } = "*";

    public string Path { get; init; } = "";

    /// <summary>The schema of its JSON body; null when it has none.</summary>
    public JsonObject? BodySchema =>
        Operation.Json["requestBody"]?["content"]?["application/json"]?["schema"]?.AsObject() is { } schema && Row.Body is null ? Document.Resolve(schema) : null;

    /// <summary>The document's own example of the body.</summary>
    public JsonObject? BodyExample => Operation.Json["requestBody"]?["content"]?["application/json"]?["example"]?.AsObject();

    public static IEnumerable<ValidRequest> Of(ApiDocument document) => IsolationTests.Table.Select(row =>
    {
        var operation = document.OperationOf(row.Method, row.Pattern);
        using var request = row.ToRequest(row.Thing);
        var address = request.RequestUri!.OriginalString.Split('?', 2);
        return new ValidRequest(operation, document, row)
        {
            Path = address[0],
            Query = address.Length < 2 ? new Dictionary<string, string?>()
                : address[1].Split('&').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], string? (part) => Uri.UnescapeDataString(part[1])),
            Body = request.Content?.ReadAsByteArrayAsync().GetAwaiter().GetResult(),
            MediaType = request.Content?.Headers.ContentType?.MediaType ?? "application/json",
        };
    });

    public ValidRequest With(JsonNode? body) => this with
    {
        Body = Encoding.UTF8.GetBytes((body?.ToJsonString() ?? "null").Replace(LoneSurrogate, "\\ud800", StringComparison.Ordinal)),
    };

    public ValidRequest WithQuery(string name, string? value) => this with { Query = new Dictionary<string, string?>(Query) { [name] = value } };

    public HttpRequestMessage ToRequest()
    {
        var query = Query.Where(part => part.Value is not null).Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value!)}");
        var request = new HttpRequestMessage(new(Operation.Method), $"{Path}?{string.Join('&', query)}".TrimEnd('?'));
        if (Operation.Method is not "GET")
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", Key is null ? [] : [Key]);
            request.Headers.TryAddWithoutValidation("If-Match", IfMatch is null ? [] : [IfMatch]);
        }

        if (Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        }

        return request;
    }

    /// <summary>To be sent again by hand.</summary>
    public override string ToString()
    {
        using var request = ToRequest();
        var headers = request.Headers.SelectMany(header => header.Value.Select(value => $"-H '{header.Key}: {value}' "));
        var body = Body is null ? "" : $"-H 'Content-Type: {MediaType}' --data-binary $'{Escape(Body)}' ";
        return $"curl -X {Operation.Method} {string.Concat(headers)}{body}\"$api{request.RequestUri}\"";
    }

    private static string Escape(byte[] body) => body.Length > 2000 ? $"<{body.Length} bytes>"
        : string.Concat(body.Select(one => one is >= 0x20 and < 0x7f and not (byte)'\'' and not (byte)'\\' ? $"{(char)one}" : $"\\x{one:x2}"));
}

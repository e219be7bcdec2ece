using System.Buffers;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>A request as it came: its bytes, and the one thing every request is asked for, the model it names.</summary>
internal sealed class CompletionBody
{
    public const int MaxBytes = 10 * 1024 * 1024;

    // Where the value of "model" stands in the bytes, quotes included; -1 when the request names none.
    private readonly int _modelStart = -1;
    private readonly int _modelLength;

    private CompletionBody(byte[] bytes)
    {
        Bytes = bytes;
        var reader = new Utf8JsonReader(bytes);

        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The body is no object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.ValueTextEquals("model"u8);
            var isStream = reader.ValueTextEquals("stream"u8);
            reader.Read();

            if (isModel && reader.TokenType == JsonTokenType.String)
            {
                Model = reader.GetString();
                _modelStart = (int)reader.TokenStartIndex;
                _modelLength = (int)(reader.BytesConsumed - reader.TokenStartIndex);
            }
            else if (isStream)
            {
                Streams = reader.TokenType == JsonTokenType.True;
            }

            reader.Skip();
        }

        while (reader.Read())
        {
        }
    }

    public byte[] Bytes { get; }

    public string? Model { get; }

    public bool Streams { get; }

    /// <summary>The same bytes, with another model named; nothing else of the request is touched or put in another order.</summary>
    public ReadOnlyMemory<byte> WithModel(string model)
    {
        var name = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(model, CompletionJsonContext.Default.String));

        if (_modelStart >= 0)
        {
            return (byte[])[.. Bytes.AsSpan(0, _modelStart), .. name, .. Bytes.AsSpan(_modelStart + _modelLength)];
        }

        var open = Bytes.AsSpan().IndexOf((byte)'{') + 1;
        var isEmpty = Bytes.AsSpan(open).TrimStart(" \t\r\n"u8).StartsWith("}"u8);
        return (byte[])[.. Bytes.AsSpan(0, open), .. "\"model\":"u8, .. name, .. isEmpty ? [] : ","u8, .. Bytes.AsSpan(open)];
    }

    public static async Task<CompletionBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw TooLarge();
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);

            if (read.Buffer.Length > MaxBytes)
            {
                throw TooLarge();
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return Parse(bytes);
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public CompletionRequest ToRequest()
    {
        try
        {
            return JsonSerializer.Deserialize(Bytes, CompletionJsonContext.Default.CompletionRequest)!;
        }
        catch (JsonException exception)
        {
            throw Invalid(exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body", $"The request does not have the shape of a chat completion at {exception.Path}.");
        }
    }

    public static DomainException Invalid(string param, string message) =>
        new(DomainErrorKind.Invalid, "invalid_value", message) { Errors = [new(param, message)] };

    private static CompletionBody Parse(byte[] bytes)
    {
        try
        {
            return new(bytes);
        }
        catch (JsonException)
        {
            throw new DomainException(DomainErrorKind.Invalid, "invalid_json", "The body of the request is no valid JSON object.");
        }
    }

    private static DomainException TooLarge() =>
        new(DomainErrorKind.TooLarge, "request_too_large", $"The body of the request is larger than {MaxBytes / 1024 / 1024} MB.");
}

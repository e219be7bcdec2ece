using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>Requests without end, the same for a seed: what the document allows, then spoiled in up to three places.</summary>
internal sealed class FuzzRequests(IReadOnlyList<ValidRequest> valid, Random random)
{
    private static readonly string[] Junk =
    [
        "", " ", "0", "-1", "1", "20", "100", "2147483648", "-9223372036854775809", "1e309", "NaN", "1.5", "true", "null", "{}", "[]", "[null]", "undefined",
        "' or 1=1 --", "\"; drop table clients; --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "%ff", "a\0b", "\u0001", "\ufeff", "\u202e",
        "\U0001f642", "\u0130\u0131\u1e9e", "e\u0301", "2026-02-30", "2026-11-20", "2026-11-20T17:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999Z",
        "0a000000-0000-7000-8000-000000000301", "0a000000-0000-7000-8000-000000000302", "0b000000-0000-7000-8000-000000000305", "00000000-0000-0000-0000-000000000000",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "MTc5NTIwMDYwMDEyMzQ1Ni40Mg", "active", "all", "newest", "success", "q1", "text", "scale", "Lindqvist", "a",
        new('x', 300), new('\u00e9', 5000),
    ];

    /// <returns>The request, and whether somebody else than whoever may should send it.</returns>
    public (ValidRequest Request, bool ByAStranger) Next()
    {
        var request = Pick(valid) with { Key = $"{random.NextInt64():x16}" };
        request = Varied(request);
        var spoils = random.Next(10) < 4 ? 0 : 1 + random.Next(3);
        for (var spoil = 0; spoil < spoils; spoil++)
        {
            request = Spoil(request);
        }

        return (request, random.Next(10) == 0);
    }

    // Within what the document allows: some of the optional parameters, each with a value of its schema.
    private ValidRequest Varied(ValidRequest request) => request.Operation.Parameters
        .Where(parameter => $"{parameter["in"]}" is "query" && $"{parameter["name"]}" is not "cursor" && random.Next(4) == 0)
        .Aggregate(request, (varied, parameter) => varied.WithQuery($"{parameter["name"]}", ValueOf(parameter)));

    private string ValueOf(JsonObject parameter)
    {
        var schema = parameter["schema"]!.AsObject();
        if (schema["enum"] is JsonArray values)
        {
            return $"{values[random.Next(values.Count)]}";
        }

        return ($"{schema["type"]}", parameter["example"]) switch
        {
            ("integer", _) => random.Next(Bound(schema["minimum"], 1), Math.Min(Bound(schema["maximum"], 100), 1000) + 1).ToString(CultureInfo.InvariantCulture),
            ("boolean", _) => random.Next(2) == 0 ? "true" : "false",
            (_, { } example) => $"{example}",
            _ => Pick(Junk),
        };
    }

    private ValidRequest Spoil(ValidRequest request) => random.Next(8) switch
    {
        0 => request with { Path = SpoilPath(request) },
        1 => request with { Key = Pick(Junk), IfMatch = random.Next(2) == 0 ? "*" : Pick(Junk) },
        2 => request with { IfMatch = random.Next(3) == 0 ? null : $"\"{random.Next(20)}\"" },
        3 when request.Body is not null => request with { MediaType = random.Next(3) == 0 ? "text/plain" : request.MediaType, Body = Flip(request.Body) },
        >= 4 and <= 6 when request.BodySchema is not null => SpoilMember(request),
        _ => SpoilQuery(request),
    };

    // A slash would be another path, and a null character no server lets through.
    private string SpoilPath(ValidRequest request) => request.Row.Thing.Length > 0 && request.Path.Contains(request.Row.Thing, StringComparison.Ordinal)
        ? request.Path.Replace(request.Row.Thing, Uri.EscapeDataString(Pick(Junk).Replace("/", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal)), StringComparison.Ordinal)
        : request.Path;

    private ValidRequest SpoilQuery(ValidRequest request)
    {
        var names = request.Operation.Parameters.Where(parameter => $"{parameter["in"]}" is "query").Select(parameter => $"{parameter["name"]}").Append("nobodys").ToList();
        return request.WithQuery(Pick(names), Pick(Junk));
    }

    private ValidRequest SpoilMember(ValidRequest request)
    {
        if (TryParse(request.Body) is not JsonObject body)
        {
            return request;
        }

        // Of the body itself, or of an object in one of its lists.
        var holders = body.Select(member => member.Value).OfType<JsonArray>().SelectMany(list => list).OfType<JsonObject>().Append(body).ToList();
        var holder = Pick(holders);
        var name = Pick(holder.Select(member => member.Key).Concat(request.BodySchema!["properties"]!.AsObject().Select(member => member.Key)).Append("nobodys").ToList());
        if (random.Next(5) == 0)
        {
            holder.Remove(name);
        }
        else
        {
            holder[name] = JunkValue();
        }

        return request.With(body);
    }

    private JsonNode? JunkValue() => random.Next(9) switch
    {
        0 => null,
        1 => random.Next(-5, 200),
        2 => random.NextDouble() * 1e12,
        3 => random.Next(2) == 0,
        4 => new JsonArray(Pick(Junk), null, 1),
        5 => new JsonObject { [Pick(Junk)] = Pick(Junk) },
        6 => ValidRequest.LoneSurrogate,
        _ => Pick(Junk),
    };

    private byte[] Flip(byte[] body)
    {
        var flipped = body.ToArray();
        for (var flips = random.Next(1, 4); flips > 0 && flipped.Length > 0; flips--)
        {
            flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? flipped[..random.Next(flipped.Length + 1)] : flipped;
    }

    private static JsonNode? TryParse(byte[]? body)
    {
        try
        {
            var text = Encoding.UTF8.GetString(body ?? []).Replace("\\ud800", ValidRequest.LoneSurrogate, StringComparison.Ordinal);
            return JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static int Bound(JsonNode? bound, int otherwise) => bound?.GetValue<int>() ?? otherwise;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}

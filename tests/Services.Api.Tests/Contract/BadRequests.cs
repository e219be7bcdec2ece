using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>A request with one thing wrong, and how it has to be refused.</summary>
/// <param name="Code">Null for any.</param>
/// <param name="Field">What the refusal names; null when the fault is not one field's.</param>
internal sealed record BadRequest(string What, ValidRequest Request, int Status, string? Code, string? Field);

/// <summary>Everything that can be wrong with a request, made from what the document says of its operation.</summary>
internal static class BadRequests
{
    // Texts in the signature, read as dates by the handler.
    private static readonly string[] Dates = ["from", "to", "dateFrom", "dateTo"];

    public static IEnumerable<BadRequest> Of(ValidRequest valid) => OfQuery(valid).Concat(OfFhir(valid)).Concat(OfHeaders(valid)).Concat(OfBody(valid));

    private static IEnumerable<BadRequest> OfFhir(ValidRequest valid)
    {
        var names = valid.Operation.Parameters.Select(parameter => $"{parameter["name"]}").ToHashSet();
        if (names.Contains("_format"))
        {
            yield return new("_format=xml", valid.WithQuery("_format", "xml"), 406, "fhir.format_unsupported", null);
        }

        if (names.Contains("_lastUpdated"))
        {
            yield return new("_lastUpdated:missing", valid.WithQuery("_lastUpdated:missing", "true"), 400, "fhir.parameter_unsupported", "_lastUpdated:missing");
        }
    }

    private static IEnumerable<BadRequest> OfQuery(ValidRequest valid) =>
        from parameter in valid.Operation.Parameters
        where $"{parameter["in"]}" is "query"
        let name = $"{parameter["name"]}"
        from value in BadValuesOf(name, parameter["schema"]!.AsObject(), valid)
        select new BadRequest($"{name}={value}", valid.WithQuery(name, value), 400, null, name);

    private static IEnumerable<string> BadValuesOf(string name, JsonObject schema, ValidRequest valid)
    {
        // A CSV's words come in the query; of a JSON body they are not read.
        if (valid.Row.Body is not null && name is "title")
        {
            return ["", new('x', 201)];
        }

        var type = schema["type"] is JsonArray several ? $"{several.First(one => $"{one}" is not "null")}" : $"{schema["type"]}";
        return (name, type, $"{schema["format"]}", schema["enum"]) switch
        {
            ("cursor" or "_cursor", _, _, _) => ["x", "!!!", new('A', 64), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
            ("timezone", _, _, _) => ["Europe/Atlantis", "../../etc/passwd", new('A', 65)],
            ("_count", _, _, _) => ["-1", "many", "1.5"],
            ("_lastUpdated", _, _, _) => ["yesterday", "2026-13-01"],
            (_, "integer", _, _) => ["many", "1.5", "99999999999999999999", .. Beyond(schema)],
            (_, "boolean", _, _) => ["perhaps"],
            (_, _, "uuid", _) => ["not-an-id", "0a000000"],
            (_, _, "date-time", _) => ["yesterday", "2026-02-30T00:00:00Z"],
            (_, _, _, { }) => ["no-such-value", "' or 1=1 --"],
            _ when Dates.Contains(name) => ["yesterday", "2026-02-30", "99999-01-01"],
            _ when schema["maxLength"] is { } longest => [new('x', longest.GetValue<int>() + 1)],
            _ => [],
        };
    }

    private static IEnumerable<BadRequest> OfHeaders(ValidRequest valid)
    {
        var names = valid.Operation.Parameters.Where(parameter => $"{parameter["in"]}" is "header").Select(parameter => $"{parameter["name"]}").ToHashSet();
        if (names.Contains("Idempotency-Key"))
        {
            foreach (var key in new[] { null, "", "has a space", new string('k', 201) })
            {
                yield return new($"Idempotency-Key {key}", valid with { Key = key }, 400, "idempotency.key_required", null);
            }
        }

        if (names.Contains("If-Match"))
        {
            yield return new("no If-Match", valid with { IfMatch = null }, 428, "precondition.required", null);
            foreach (var tag in new[] { "\"999999\"", "x", "W/\"1\"", new string('x', 500) })
            {
                yield return new($"If-Match {tag}", valid with { IfMatch = tag }, 412, "precondition.failed", null);
            }
        }
    }

    private static IEnumerable<BadRequest> OfBody(ValidRequest valid)
    {
        if (valid.BodySchema is not { } schema)
        {
            return [];
        }

        var example = valid.BodyExample!;
        var text = example.ToJsonString();
        return new[]
        {
            Raw("an empty body", "", 400, "request.malformed"), Raw("a body cut short", text[..^1], 400, null),
            Raw("a list", "[]", 400, "request.malformed"), Raw("null", "null", 400, "request.malformed"), Raw("a word", "\"x\"", 400, "request.malformed"),
            Raw("something behind", text + "x", 400, null), Raw("a body past its limit", "{\"x\":\"" + new string('x', 300_000) + "\"}", 413, "request.too_large"),
            new BadRequest("no UTF-8", valid with { Body = [.. "{\"x\":\""u8, 0xc3, 0x28, .. "\"}"u8] }, 400, "request.malformed", null),
            new BadRequest("plain text", valid with { MediaType = "text/plain" }, 415, "request.unsupported_media_type", null),
            new BadRequest("an unknown member", valid.With(Changed(example, body => body["nobodysMember"] = 1)), 400, "request.member_invalid", "nobodysMember"),
        }.Concat(MembersOf(valid, schema, example, "", example, body => body));

        BadRequest Raw(string what, string body, int status, string? code) => new(what, valid with { Body = Encoding.UTF8.GetBytes(body) }, status, code, null);
    }

    /// <summary>What can be wrong with each member, and with those of the objects in its first list item.</summary>
    private static IEnumerable<BadRequest> MembersOf(
        ValidRequest valid, JsonObject schema, JsonObject root, string path, JsonObject holder, Func<JsonObject, JsonObject> find)
    {
        foreach (var (name, described) in schema["properties"]!.AsObject())
        {
            var member = valid.Document.Resolve(described!.AsObject());
            var at = path + name;
            var required = schema["required"]?.AsArray().Any(one => $"{one}" == name) is true;
            if (required)
            {
                yield return new($"{at} missing", valid.With(Changed(root, body => find(body).Remove(name))), 400, null, at);
            }

            foreach (var (value, code) in BadValuesOf(member))
            {
                var shown = value?.ToJsonString() ?? "null";
                yield return new(
                    $"{at} = {shown[..Math.Min(shown.Length, 60)]}", valid.With(Changed(root, body => find(body)[name] = value?.DeepClone())), 400, code, at);
            }

            if (path.Length == 0 && holder[name] is JsonArray and [JsonObject first, ..]
                && member["items"] is JsonObject items && valid.Document.Resolve(items) is { } item && item["properties"] is not null)
            {
                foreach (var bad in MembersOf(valid, item, root, $"{name}[0].", first, body => body[name]![0]!.AsObject()))
                {
                    yield return bad;
                }
            }
        }
    }

    private static IEnumerable<(JsonNode? Value, string? Code)> BadValuesOf(JsonObject member)
    {
        const string kind = "request.member_invalid";
        var type = member["type"] is JsonArray several ? $"{several.First(one => $"{one}" is not "null")}" : $"{member["type"]}";
        return (type, $"{member["format"]}", member["enum"]) switch
        {
            ("string", "uuid", _) => [(7, kind), ("not-an-id", kind)],
            ("string", "date-time", _) =>
                [(7, kind), ("yesterday", kind), ("2026-02-30T00:00:00Z", kind), ("2026-11-20T17:00:00", kind), ("9999-12-31T23:59:59Z", null), ("0001-01-01T00:00:00Z", null)],
            ("string", "date", _) => [(7, kind), ("yesterday", kind), ("2026-02-30", kind)],
            ("string", _, { }) => [(7, kind), ("no-such-value", null)],
            ("string", _, _) => [(7, kind), (new JsonObject(), kind), (ValidRequest.LoneSurrogate, kind), ("x\0y", null), (new string('x', 120_000), null)],
            ("integer", _, _) => [("7", kind), (1.5, kind), (JsonNode.Parse("99999999999999999999"), kind), .. Beyond(member).Select(value => ((JsonNode?)JsonNode.Parse(value), (string?)null))],
            ("number", _, _) => [("7", kind), .. Beyond(member).Select(value => ((JsonNode?)JsonNode.Parse(value), (string?)null))],
            ("boolean", _, _) => [("true", kind), (1, kind)],
            ("array", _, _) => [("x", kind), (new JsonObject(), kind)],
            _ => [],
        };
    }

    // One under the least and one over the most that the schema gives.
    private static IEnumerable<string> Beyond(JsonObject schema) =>
        new[] { (schema["minimum"], -1), (schema["maximum"], 1) }.Where(bound => bound.Item1 is not null)
            .Select(bound => (decimal.Parse($"{bound.Item1}", CultureInfo.InvariantCulture) + bound.Item2).ToString(CultureInfo.InvariantCulture));

    private static JsonObject Changed(JsonObject example, Action<JsonObject> change)
    {
        var copy = example.DeepClone().AsObject();
        change(copy);
        return copy;
    }
}

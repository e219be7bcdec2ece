using System.Buffers;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// Writes a request for an endpoint. Only what has to be different is: the model's name, members that have another name there or are
/// refused, our own member, the wish for usage. All other bytes stay, in their order and spelling.
/// </summary>
internal static class RequestRewriter
{
    private static readonly byte[] WithUsage = """{"include_usage":true}"""u8.ToArray();

    /// <param name="askForUsage">Of a stream whose caller did not ask.</param>
    public static void Write(RequestBody body, ModelEndpoint endpoint, bool askForUsage, IBufferWriter<byte> target)
    {
        var json = body.Bytes.Span;
        var writer = new MemberWriter(json, body.Members, target);
        var (hasModel, hasStreamOptions) = (false, false);

        foreach (var member in body.Members)
        {
            var name = member.Name(json);

            if (name == "cache" || endpoint.Parameters.Drop.Contains(name))
            {
                continue;
            }

            switch (name)
            {
                case "model":
                    hasModel = true;
                    writer.Write(member, value: JsonSerializer.SerializeToUtf8Bytes(endpoint.ModelId, RequestJsonContext.Default.String));
                    break;
                case "stream_options" when askForUsage:
                    hasStreamOptions = true;
                    writer.Write(member, value: AddUsage(member, json));
                    break;
                case "messages" when member.Kind == JsonTokenType.StartArray && NestedDrops(endpoint) is { Count: > 0 } drops:
                    writer.Write(member, value: WithoutIn(member.Value(json), drops));
                    break;
                default:
                    writer.Write(member, endpoint.Parameters.Rename.GetValueOrDefault(name));
                    break;
            }
        }

        if (!hasModel)
        {
            writer.Append("\"model\":"u8, JsonSerializer.SerializeToUtf8Bytes(endpoint.ModelId, RequestJsonContext.Default.String));
        }

        if (askForUsage && !hasStreamOptions)
        {
            writer.Append("\"stream_options\":"u8, WithUsage);
        }

        writer.End();
    }

    // messages[].name
    private static List<string> NestedDrops(ModelEndpoint endpoint) =>
        [.. endpoint.Parameters.Drop.Where(name => name.StartsWith("messages[].", StringComparison.Ordinal)).Select(name => name["messages[].".Length..])];

    private static byte[] AddUsage(JsonMember member, ReadOnlySpan<byte> json)
    {
        if (member.Kind != JsonTokenType.StartObject)
        {
            return WithUsage;
        }

        var options = member.Value(json);
        var members = JsonMembers.Of(options);
        var target = new ArrayBufferWriter<byte>();
        var writer = new MemberWriter(options, members, target);

        foreach (var option in members)
        {
            if (option.Name(options) != "include_usage")
            {
                writer.Write(option);
            }
        }

        writer.Append("\"include_usage\":"u8, "true"u8);
        writer.End();
        return target.WrittenSpan.ToArray();
    }

    private static byte[] WithoutIn(ReadOnlySpan<byte> array, List<string> drops)
    {
        var target = new ArrayBufferWriter<byte>(array.Length);
        var reader = new Utf8JsonReader(array);
        reader.Read();
        var written = 0;

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();

            if (!isObject)
            {
                continue;
            }

            var item = array[start..(int)reader.BytesConsumed];
            var members = JsonMembers.Of(item);
            target.Write(array[written..start]);
            var writer = new MemberWriter(item, members, target);

            foreach (var member in members)
            {
                if (!drops.Contains(member.Name(item)))
                {
                    writer.Write(member);
                }
            }

            writer.End();
            written = (int)reader.BytesConsumed;
        }

        target.Write(array[written..]);
        return target.WrittenSpan.ToArray();
    }
}

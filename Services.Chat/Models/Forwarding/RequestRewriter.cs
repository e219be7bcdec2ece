using System.Buffers;
using System.Text;
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
        var rules = EndpointRules.Of(endpoint);
        var (hasModel, hasStreamOptions) = (false, false);

        for (var index = 0; index < body.Members.Count; index++)
        {
            var member = body.Members[index];

            if (member.Is(json, "cache"u8) || rules.Drops(member, json))
            {
                continue;
            }

            if (member.Is(json, "model"u8))
            {
                hasModel = true;
                writer.Write(index, value: rules.Model);
            }
            else if (askForUsage && member.Is(json, "stream_options"u8))
            {
                hasStreamOptions = true;
                writer.Write(index, value: AddUsage(member, json));
            }
            else if (rules.MessageDrops.Count > 0 && member.Kind == JsonTokenType.StartArray && member.Is(json, "messages"u8))
            {
                writer.Write(index, value: WithoutIn(member.Value(json), rules.MessageDrops));
            }
            else if (rules.NewName(member, json) is { } name)
            {
                // Who sent it by its new name as well has said there what they mean.
                if (JsonMembers.IndexOf(body.Members, json, Encoding.UTF8.GetBytes(name)) < 0)
                {
                    writer.Write(index, name);
                }
            }
            else
            {
                writer.Write(index);
            }
        }

        if (!hasModel)
        {
            writer.Append("\"model\":"u8, rules.Model);
        }

        if (askForUsage && !hasStreamOptions)
        {
            writer.Append("\"stream_options\":"u8, WithUsage);
        }

        writer.End();
    }

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

        for (var index = 0; index < members.Count; index++)
        {
            if (!members[index].Is(options, "include_usage"u8))
            {
                writer.Write(index);
            }
        }

        writer.Append("\"include_usage\":"u8, "true"u8);
        writer.End();
        return target.WrittenSpan.ToArray();
    }

    private static byte[] WithoutIn(ReadOnlySpan<byte> array, IReadOnlyList<string> drops)
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

            for (var index = 0; index < members.Count; index++)
            {
                if (!drops.Contains(members[index].Name(item)))
                {
                    writer.Write(index);
                }
            }

            writer.End();
            written = (int)reader.BytesConsumed;
        }

        target.Write(array[written..]);
        return target.WrittenSpan.ToArray();
    }
}

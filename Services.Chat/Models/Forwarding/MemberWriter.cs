using System.Buffers;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>Writes an object again with some members changed or left out, and the space between the others as it was.</summary>
internal ref struct MemberWriter(ReadOnlySpan<byte> json, List<JsonMember> members, IBufferWriter<byte> target)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private bool _hasAny;

    /// <param name="index">Which of the members.</param>
    public void Write(int index, string? name = null, ReadOnlySpan<byte> value = default)
    {
        var member = members[index];
        Separate(index);

        if (name is null)
        {
            target.Write(_json[member.Start..member.NameEnd]);
        }
        else
        {
            target.Write(JsonSerializer.SerializeToUtf8Bytes(name, RequestJsonContext.Default.String));
        }

        target.Write(_json[member.NameEnd..member.ValueStart]);
        target.Write(value.IsEmpty ? _json[member.ValueStart..member.End] : value);
    }

    /// <param name="name">With its quotes and its colon.</param>
    public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_hasAny)
        {
            target.Write(","u8);
        }
        else
        {
            target.Write(_json[..Open()]);
        }

        _hasAny = true;
        target.Write(name);
        target.Write(value);
    }

    public void End()
    {
        if (!_hasAny)
        {
            target.Write(_json[..Open()]);
        }

        target.Write(members.Count > 0 ? _json[members[^1].End..] : _json[Open()..]);
    }

    // What stood before the member: the opening for the first that is written, its own comma and space for every other.
    private void Separate(int index)
    {
        if (!_hasAny)
        {
            target.Write(_json[..members[0].Start]);
        }
        else
        {
            target.Write(_json[members[index - 1].End..members[index].Start]);
        }

        _hasAny = true;
    }

    private readonly int Open() => members.Count > 0 ? members[0].Start : _json.IndexOf((byte)'{') + 1;
}

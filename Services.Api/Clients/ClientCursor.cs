using System.Buffers.Text;
using System.Text;

namespace AiPlatform.Services.Api.Clients;

/// <summary>A place in the list of clients by name: everything after it comes next.</summary>
internal sealed record ClientCursor(string SearchName, Guid Id)
{
    private const int IdLength = 36;

    // "00000000-0000-0000-0000-000000000000maya lindqvist", base64url
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Id}{SearchName}"));

    /// <returns><see langword="false"/> for a text that is no cursor of ours.</returns>
    public static bool TryParse(string text, out ClientCursor? cursor)
    {
        cursor = null;
        if (!Base64Url.IsValid(text))
        {
            return false;
        }

        var place = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        if (place.Length <= IdLength || !Guid.TryParse(place.AsSpan(0, IdLength), out var id))
        {
            return false;
        }

        cursor = new(place[IdLength..], id);
        return true;
    }
}

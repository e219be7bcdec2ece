using System.Buffers.Text;
using System.Text;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Api.Http;

/// <summary>A place in a list by name and id: everything after it comes next.</summary>
internal sealed record NameCursor(string Name, Guid Id)
{
    private const int IdLength = 36;

    /// <exception cref="DomainException">The text is no cursor of ours.</exception>
    public static NameCursor? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!Base64Url.IsValid(text))
        {
            throw TimeCursor.Invalid();
        }

        var place = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return place.Length >= IdLength && Guid.TryParseExact(place.AsSpan(0, IdLength), "D", out var id) ? new(place[IdLength..], id) : throw TimeCursor.Invalid();
    }

    /// <summary>The first <paramref name="limit"/> of one more than asked for, and the cursor of the next page when there is one.</summary>
    public static (IReadOnlyList<T> Page, string? Next) Page<T>(IReadOnlyList<T> found, int limit, Func<T, NameCursor> placeOf) =>
        found.Count > limit ? ([.. found.Take(limit)], placeOf(found[limit - 1]).ToString()) : (found, null);

    // "0a000000-0000-7000-8000-000000000101Nora Berg", base64url
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Id}{Name}"));
}

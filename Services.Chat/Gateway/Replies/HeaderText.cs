using System.Buffers;

namespace AiPlatform.Services.Chat.Gateway.Replies;

/// <summary>Texts of others in our headers. The server sends no reply at all whose headers have more than visible ASCII in them.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static code => (char)code)]);

    /// <summary>The operator's name for something: Z%C3%BCrich for Zürich.</summary>
    public static void SetName(this IHeaderDictionary headers, string header, string name) => headers[header] = IsPlain(name) ? name : Uri.EscapeDataString(name);

    /// <summary>A provider's id, which is left out when it is no text that clients could hand on.</summary>
    public static void SetId(this IHeaderDictionary headers, string header, string? id)
    {
        if (id is not null && IsPlain(id))
        {
            headers[header] = id;
        }
    }

    private static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExcept(Plain);
}

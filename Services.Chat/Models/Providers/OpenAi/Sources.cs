using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>What a model that searches says it found where.</summary>
internal static class Sources
{
    /// <summary>Of Perplexity and xAI, beside the choices.</summary>
    public static IEnumerable<CitationAnnotation> Of(JsonElement completion)
    {
        // "search_results":[{"title":"Sleep","url":"https://...","date":"2026-01-01"}], and older: "citations":["https://..."]
        var found = completion.Items("search_results").Select(result => ToSource(result.Text("url"), result.Text("title"))).OfType<CitationAnnotation>().ToList();
        return found.Count > 0
            ? found
            : completion.Items("citations").Where(url => url.ValueKind == JsonValueKind.String).Select(url => ToSource(url.GetString(), null)).OfType<CitationAnnotation>();
    }

    /// <summary>Of OpenAI, within the message: "annotations":[{"type":"url_citation","url_citation":{"url":"...","title":"..."}}].</summary>
    public static IEnumerable<CitationAnnotation> OfMessage(JsonElement message) => message.Items("annotations")
        .Select(annotation => annotation.Object("url_citation") ?? annotation)
        .Select(cited => ToSource(cited.Text("url"), cited.Text("title")))
        .OfType<CitationAnnotation>();

    /// <summary>Sources belong to the text they carry.</summary>
    public static void Attach(IList<AIContent> contents, IEnumerable<CitationAnnotation> sources)
    {
        if (contents.OfType<TextContent>().LastOrDefault() is { } text && sources.ToList<AIAnnotation>() is { Count: > 0 } found)
        {
            text.Annotations = found;
        }
    }

    private static CitationAnnotation? ToSource(string? url, string? title) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) ? new() { Url = address, Title = title } : null;
}

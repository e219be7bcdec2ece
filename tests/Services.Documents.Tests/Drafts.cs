using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Documents.Tests;

/// <summary>Replies that a drafting model gives.</summary>
internal static class Drafts
{
    public static ModelReply Reply(params (string Heading, (string Text, string[] Evidence)[] Sentences)[] sections) =>
        ModelReply.Text(Json(sections));

    public static string Json(params (string Heading, (string Text, string[] Evidence)[] Sentences)[] sections) => JsonSerializer.Serialize(new
    {
        sections = sections.Select(section => new
        {
            heading = section.Heading,
            sentences = section.Sentences.Select(sentence => new { text = sentence.Text, evidence = sentence.Evidence }),
        }),
    });

    /// <summary>A model that quotes the first client segment it is given in the first section.</summary>
    public static ModelReply QuoteFirstClientSegment(ModelRequest request)
    {
        var task = TaskOf(request);
        var segment = task.GetProperty("sessions").EnumerateArray()
            .SelectMany(session => session.GetProperty("segments").EnumerateArray())
            .First(segment => segment.GetProperty("speaker").GetString() == "client");
        var heading = task.GetProperty("template").GetProperty("sections")[0].GetProperty("heading").GetString()!;

        return Reply((heading, [($"The client said \"{segment.GetProperty("text").GetString()}\"", [segment.GetProperty("id").GetString()!])]));
    }

    /// <summary>The user message of a drafting request.</summary>
    public static JsonElement TaskOf(ModelRequest request) =>
        JsonDocument.Parse(request.Messages.First(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!).RootElement;
}

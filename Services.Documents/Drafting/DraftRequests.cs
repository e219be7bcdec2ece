using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Documents.Services;

namespace AiPlatform.Services.Documents.Drafting;

/// <summary>Puts a plan into the one request shape that the gateway's providers know as <c>document_draft</c>.</summary>
internal static class DraftRequests
{
    public const string TaskName = "document_draft";

    // Names and transcripts in any script stay readable and short; the text goes to a model, not into a page.
    private static readonly DraftJsonContext Compact = new(new JsonSerializerOptions(DraftJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static CompletionRequest Build(DraftPlan plan, DraftingOptions options) => new(
        options.Model,
        [new("system", DraftInstructions.System), new("user", UserMessage(plan))],
        new ResponseFormat("json_schema", new ResponseSchema(TaskName, Strict: true, Schema(plan))))
    {
        Temperature = options.Temperature,
    };

    /// <summary>The same request once more, after a reply that could not be read.</summary>
    public static CompletionRequest BuildAgain(CompletionRequest request, string reply, string reason) => request with
    {
        Messages = [.. request.Messages, new("assistant", reply), new("user", DraftInstructions.AskAgain(reason))],
    };

    private static string UserMessage(DraftPlan plan)
    {
        var task = new DraftTask(
            TaskName,
            new(plan.TemplateName, plan.Sections),
            new(plan.ClientName),
            new(plan.PractitionerName),
            plan.Instructions,
            [.. plan.Sessions.Select(session => new DraftTaskSession(
                session.Id.ToString(),
                session.Title,
                session.StartedAt,
                [.. session.Segments.Select(segment => new DraftTaskSegment(segment.CitedAs(session.Id), segment.Speaker, segment.Start, segment.Text))]))],
            plan.Previous);

        return JsonSerializer.Serialize(task, Compact.DraftTask);
    }

    private static JsonObject Schema(DraftPlan plan)
    {
        var sentence = Object(new()
        {
            ["text"] = new JsonObject { ["type"] = "string" },
            ["evidence"] = Array(new JsonObject { ["type"] = "string" }),
        });

        var heading = new JsonObject { ["type"] = "string" };
        if (!plan.MayChangeSections)
        {
            heading["enum"] = new JsonArray([.. plan.Headings.Select(name => (JsonNode)JsonValue.Create(name))]);
        }

        return Object(new()
        {
            ["sections"] = Array(Object(new() { ["heading"] = heading, ["sentences"] = Array(sentence) })),
            ["note"] = new JsonObject { ["type"] = new JsonArray("string", "null") },
        });
    }

    // Strict schemas require every property and allow no other.
    private static JsonObject Object(JsonObject properties) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray([.. properties.Select(property => (JsonNode)JsonValue.Create(property.Key))]),
        ["additionalProperties"] = false,
        ["properties"] = properties,
    };

    private static JsonObject Array(JsonObject items) => new() { ["type"] = "array", ["items"] = items };
}

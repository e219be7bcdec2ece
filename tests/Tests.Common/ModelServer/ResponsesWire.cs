using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>OpenAI's responses: output items with parts, every event numbered.</summary>
internal sealed class ResponsesWire : ModelWire
{
    public override IReadOnlyList<string> Required => ["model", "input"];

    private readonly ConcurrentDictionary<string, object> _made = new();

    /// <summary>A response that was made before, by its id; deleting it takes it out.</summary>
    public IResult Find(string id, bool takesOut = false)
    {
        var found = takesOut ? _made.TryRemove(id, out var response) : _made.TryGetValue(id, out response);
        return !found ? Results.Json(Envelope(new(HttpStatusCode.NotFound, $"Response with id '{id}' not found.", "invalid_request_error", null, null)), statusCode: 404)
            : takesOut ? Results.Json(new { id, @object = "response", deleted = true })
            : Results.Json(response);
    }

    protected override object Whole(ModelRequest request, ModelReply reply) => Made(new ResponseShapes(request.Model, reply));

    protected override async Task StreamAsync(HttpContext context, ModelRequest request, ModelReply reply)
    {
        var shapes = new ResponseShapes(request.Model, reply);
        var number = 0;
        await SendAsync("response.created", new { response = shapes.Head("in_progress") });
        await SendAsync("response.in_progress", new { response = shapes.Head("in_progress") });
        var items = shapes.Items().ToList();
        var index = 0;

        foreach (var step in reply.Steps)
        {
            if (step is not (ModelStep.TextDelta or ModelStep.ToolCall or ModelStep.Thought))
            {
                await WireOutput.FaultAsync(context, step);
                continue;
            }

            while (!items[index].Steps.Contains(step, ReferenceEqualityComparer.Instance))
            {
                index++;
            }

            foreach (var (name, data) in items[index].Events(step, index))
            {
                await SendAsync(name, data);
            }
        }

        var status = ResponseShapes.StatusOf(reply);
        await SendAsync($"response.{status}", new { response = Made(shapes) });

        async Task SendAsync(string type, object data)
        {
            // {"type":"response.output_text.delta","sequence_number":4,"output_index":0,...}
            var members = new Dictionary<string, object?> { ["type"] = type, ["sequence_number"] = number++ };
            foreach (var property in data.GetType().GetProperties())
            {
                members[property.Name] = property.GetValue(data);
            }

            await WireOutput.EventAsync(context, type, members);
        }
    }

    private Dictionary<string, object?> Made(ResponseShapes shapes)
    {
        var whole = shapes.Whole();
        _made[(string)whole["id"]!] = whole;
        return whole;
    }
}

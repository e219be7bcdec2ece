using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiPlatform.Tests.Common;

/// <summary>Every rule of PROTOCOL sections 2 and 8 over the frames of one run, in the order received; those of a run in epochs are in <see cref="EpochRules"/>.</summary>
public static partial class FrameRules
{
    private static readonly HashSet<string> AgentEvents = ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"];

    private static readonly HashSet<string> BeforeTextCompleted =
        ["agent_thinking", "tool_executing", "tool_start", "tool_result", "text_chunk", "thinking_chunk", "ui_action", "stream_start", "working", "custom_event"];

    /// <summary>Fails with the broken rule. Frames of other runs and frames outside runs are left out first with <see cref="OfRun"/>.</summary>
    public static void Check(IReadOnlyList<ReceivedFrame> frames)
    {
        Require(frames.Count > 0, frames, "a run has frames");
        CheckEnvelopes(frames);
        if (frames.Any(frame => frame.Type == "run_snapshot"))
        {
            EpochRules.Check(frames);
            return;
        }

        CheckSeqs(frames);
        CheckEnds(frames);
        CheckTools(frames);
        CheckText(frames);
        CheckCompletion(frames);
    }

    public static IReadOnlyList<ReceivedFrame> OfRun(this IEnumerable<ReceivedFrame> frames, string? runId) =>
        [.. frames.Where(frame => frame.RunId == runId && frame.Seq is not null)];

    private static void CheckEnvelopes(IReadOnlyList<ReceivedFrame> frames)
    {
        var first = frames[0];
        var lastTime = DateTimeOffset.MinValue;
        Require(Guid.TryParse(first.RunId, out _), frames, "run_id is on every frame of a run");
        Require(first.Epoch is { Length: > 0 }, frames, "epoch is on every frame of a run");
        Require(first.TextOf("session_id") is { Length: > 0 }, frames, "session_id is always there");
        for (var index = 0; index < frames.Count; index++)
        {
            var frame = frames[index];
            Require(
                frame.RunId == first.RunId && frame.TextOf("session_id") == first.TextOf("session_id")
                && frame.TextOf("thread_id") == first.TextOf("thread_id"),
                frames, $"run, session and thread are the same throughout; not at seq {frame.Seq}");
            Require(frame.TextOf("timestamp") is { } time && Milliseconds().IsMatch(time), frames, $"timestamp is UTC with milliseconds; not at seq {frame.Seq}");
            var at = DateTimeOffset.Parse(frame.TextOf("timestamp")!, CultureInfo.InvariantCulture);
            Require(at >= lastTime, frames, $"time does not run backwards; it does at seq {frame.Seq}");
            lastTime = at;
            Require(
                AgentEvents.Contains(frame.Type) == (frame.TextOf("user_id") is not null),
                frames, $"user_id is on the five agent events and on no other; wrong at seq {frame.Seq}");
        }

        Require(frames.Select(frame => frame.TextOf("event_id")).Distinct().Count() == frames.Count, frames, "event_id is unique");
    }

    private static void CheckSeqs(IReadOnlyList<ReceivedFrame> frames)
    {
        for (var index = 0; index < frames.Count; index++)
        {
            Require(frames[index].Seq == index + 1, frames, $"seq is 1, 2, 3 without gaps; place {index + 1} has {frames[index].Seq}");
            Require(frames[index].Epoch == frames[0].Epoch, frames, $"without a snapshot the epoch is the same throughout; not at seq {frames[index].Seq}");
        }
    }

    private static void CheckEnds(IReadOnlyList<ReceivedFrame> frames)
    {
        Require(frames[0].Type == "agent_started", frames, "agent_started is first");
        Require(frames[^1].Type == "agent_completed", frames, "agent_completed is last");
        foreach (var once in (string[])["agent_started", "agent_completed", "text_completed"])
        {
            Require(frames.Count(frame => frame.Type == once) == 1, frames, $"{once} comes exactly once");
        }

        Require(frames.Count(frame => frame.Type is "tts_not_requested" or "tts_completed") == 1, frames, "one of the two TTS flags comes exactly once");
        Require(frames.Count(frame => frame.Type == "stream_start") <= 1, frames, "stream_start comes at most once");

        var textDone = IndexOf(frames, "text_completed");
        Require(IndexOf(frames, "tts_not_requested") is var tts && (tts < 0 || tts > textDone), frames, "text_completed comes before tts_not_requested");
        Require(
            !frames.Skip(textDone).Any(frame => BeforeTextCompleted.Contains(frame.Type)),
            frames, "thinking, tools, text and ui_actions come before text_completed");

        var lastChunk = frames.ToList().FindLastIndex(frame => frame.Type == "text_chunk");
        var firstAction = IndexOf(frames, "ui_action");
        Require(firstAction < 0 || lastChunk < firstAction, frames, "ui_actions follow the text");
        var streamStart = IndexOf(frames, "stream_start");
        Require(lastChunk < 0 || (streamStart >= 0 && streamStart < IndexOf(frames, "text_chunk")), frames, "stream_start comes before the text");
    }

    private static void CheckTools(IReadOnlyList<ReceivedFrame> frames)
    {
        var open = new HashSet<string>();
        var seen = new HashSet<string>();
        var step = 0;
        foreach (var frame in frames)
        {
            switch (frame.Type)
            {
                case "tool_executing":
                    Require(seen.Add(CallOf(frame)), frames, $"tool_call_id is used once; seq {frame.Seq}");
                    open.Add(CallOf(frame));
                    break;
                case "tool_completed":
                    Require(open.Remove(CallOf(frame)), frames, $"tool_completed follows its tool_executing, once; seq {frame.Seq}");
                    var payload = Payload(frame);
                    var failed = payload.GetProperty("status").GetString() == "failed";
                    Require(payload.TryGetProperty("error", out _) == failed, frames, $"a failed tool has an error, no other has; seq {frame.Seq}");
                    break;
                case "agent_thinking":
                    Require(open.Count == 0, frames, $"tools end before the next iteration; seq {frame.Seq}");
                    var next = Payload(frame).GetProperty("step_number").GetInt32();
                    Require(next > step, frames, $"step_number rises; seq {frame.Seq}");
                    step = next;
                    break;
            }
        }

        Require(open.Count == 0, frames, "every tool_executing has its tool_completed");
        CheckProviderTools(frames);
    }

    // tool_start, tool_executing, tool_completed, tool_result, all with one tool_call_id
    private static void CheckProviderTools(IReadOnlyList<ReceivedFrame> frames)
    {
        foreach (var start in frames.Where(frame => frame.Type is "tool_start"))
        {
            var call = start.Json.GetProperty("content").GetProperty("tool_call_id").GetString();
            var executing = frames.FirstOrDefault(frame => frame.Type == "tool_executing" && CallOf(frame) == call);
            Require(executing is null || executing.Seq > start.Seq, frames, $"tool_start comes before tool_executing of {call}");
        }

        foreach (var result in frames.Where(frame => frame.Type is "tool_result"))
        {
            var call = result.Json.GetProperty("content").GetProperty("tool_call_id").GetString();
            var completed = frames.FirstOrDefault(frame => frame.Type == "tool_completed" && CallOf(frame) == call);
            Require(completed is null || completed.Seq < result.Seq, frames, $"tool_result comes after tool_completed of {call}");
        }
    }

    private static void CheckText(IReadOnlyList<ReceivedFrame> frames)
    {
        var text = "";
        foreach (var chunk in frames.Where(frame => frame.Type == "text_chunk"))
        {
            var content = chunk.TextOf("content");
            Require(content is { Length: > 0 }, frames, $"no text_chunk is empty; seq {chunk.Seq}");
            text += content;
            Require(chunk.Json.GetProperty("full_length").GetInt32() == text.Length, frames, $"full_length is the length so far; seq {chunk.Seq}");
        }

        var whole = frames[IndexOf(frames, "text_completed")].TextOf("content");
        var emptyOnPurpose = frames.Any(frame => frame.Type == "working") && whole == "";
        Require(whole == text || emptyOnPurpose, frames, "text_completed is the joined chunks");
        Require(Result(frames).GetProperty("text").GetString() == text, frames, "agent_completed carries the whole text");
    }

    private static void CheckCompletion(IReadOnlyList<ReceivedFrame> frames)
    {
        var payload = Payload(frames[^1]);
        var status = payload.GetProperty("status").GetString();
        Require(status is "completed" or "failed" or "cancelled", frames, $"status is completed, failed or cancelled, not {status}");
        Require(frames.Any(frame => frame.Type == "cancelled") == (status == "cancelled"), frames, "a cancelled run says cancelled, no other does");
        Require(status != "failed" || frames.Any(frame => frame.Type == "error"), frames, "a failed run has an error frame");
        Require(status != "completed" || frames.All(frame => frame.Type != "error"), frames, "a completed run has no error frame");

        var ended = frames.Where(frame => frame.Type == "tool_completed").Select(CallOf).Order().ToList();
        var summed = Result(frames).GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("tool_call_id").GetString()!).Order().ToList();
        Require(ended.SequenceEqual(summed), frames, "agent_completed lists the tool calls that ended");
        foreach (var field in (string[])["input_tokens", "output_tokens", "cost_usd"])
        {
            Require(payload.GetProperty("usage").TryGetProperty(field, out _), frames, $"usage has {field}");
        }
    }

    private static int IndexOf(IReadOnlyList<ReceivedFrame> frames, string type) => frames.ToList().FindIndex(frame => frame.Type == type);

    private static JsonElement Payload(ReceivedFrame frame) => frame.Json.GetProperty("payload");

    private static JsonElement Result(IReadOnlyList<ReceivedFrame> frames) => Payload(frames[^1]).GetProperty("result");

    private static string CallOf(ReceivedFrame frame) => Payload(frame).GetProperty("tool_call_id").GetString()!;

    private static void Require(bool holds, IReadOnlyList<ReceivedFrame> frames, string rule)
    {
        if (!holds)
        {
            Xunit.Assert.Fail($"Broken rule: {rule}.\n{string.Join('\n', frames.Select(frame => frame.Raw))}");
        }
    }

    // 2026-03-01T09:30:00.123Z
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Milliseconds();
}

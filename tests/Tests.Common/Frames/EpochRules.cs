namespace AiPlatform.Tests.Common;

/// <summary>
/// The rules for a run in more than one epoch, or seen from its second one on, as a client sees it that knows one thing: a run_snapshot
/// replaces what it had of the run.
/// </summary>
internal sealed class EpochRules(IReadOnlyList<ReceivedFrame> frames)
{
    private readonly HashSet<string> _open = [];
    private List<string> _ended = [];
    private string _text = "";
    private bool _started;
    private bool _textDone;
    private bool _ttsDone;

    public static void Check(IReadOnlyList<ReceivedFrame> frames) => new EpochRules(frames).Check();

    private void Check()
    {
        var epochs = new HashSet<string>();
        for (var index = 0; index < frames.Count; index++)
        {
            var frame = frames[index];
            var isFirst = index == 0 || frames[index - 1].Epoch != frame.Epoch;
            Require(!isFirst || epochs.Add(frame.Epoch!), $"an epoch that was left does not come back; seq {frame.Seq}");
            Require(frame.Seq == (isFirst ? 1 : frames[index - 1].Seq + 1), $"seq is 1, 2, 3 without gaps in each epoch; seq {frame.Seq} of {frame.Epoch}");
            Require(index == 0 || (frame.Type == "run_snapshot") == isFirst, $"run_snapshot begins each later epoch and nothing else; seq {frame.Seq}");
            Require((index == frames.Count - 1) == (frame.Type == "agent_completed"), "agent_completed is last, and comes exactly once");
            Follow(frame);
        }

        Require(_open.Count == 0, "every tool_executing has its tool_completed");
        Require(_started && _textDone && _ttsDone, "the run started, and both completion flags came");
        var result = frames[^1].Json.GetProperty("payload").GetProperty("result");
        Require(result.GetProperty("text").GetString() == _text, "agent_completed carries the whole text");
        Require(
            result.GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("tool_call_id").GetString()!).Order().SequenceEqual(_ended.Order()),
            "agent_completed lists the tool calls that ended");
    }

    private void Follow(ReceivedFrame frame)
    {
        switch (frame.Type)
        {
            case "run_snapshot":
                Replace(frame);
                break;
            case "agent_started":
                Require(!_started, "agent_started comes once");
                _started = true;
                break;
            case "text_chunk":
                Require(_started && !_textDone, $"text comes between agent_started and text_completed; seq {frame.Seq}");
                _text += frame.TextOf("content");
                Require(frame.Json.GetProperty("full_length").GetInt32() == _text.Length, $"full_length is the length so far; seq {frame.Seq} of {frame.Epoch}");
                break;
            case "text_completed":
                Require(!_textDone, "text_completed comes once");
                Require(frame.TextOf("content") == _text || frame.TextOf("content") == "", "text_completed is the joined chunks");
                _textDone = true;
                break;
            case "tts_not_requested":
                Require(_textDone && !_ttsDone, "tts_not_requested comes once, after text_completed");
                _ttsDone = true;
                break;
            case "tool_executing":
                Require(_open.Add(CallOf(frame)), $"tool_call_id is used once; seq {frame.Seq}");
                break;
            case "tool_completed":
                Require(_open.Remove(CallOf(frame)), $"tool_completed follows its tool_executing, once; seq {frame.Seq}");
                _ended.Add(CallOf(frame));
                break;
        }
    }

    // It may lack the one frame that was in doubt, and it may know more than a client that had not read all of the old epoch.
    private void Replace(ReceivedFrame snapshot)
    {
        var text = snapshot.TextOf("text")!;
        var calls = snapshot.Json.GetProperty("tool_calls").EnumerateArray().ToLookup(
            call => call.GetProperty("status").GetString() == "executing", call => call.GetProperty("tool_call_id").GetString()!);
        Require(text.StartsWith(_text, StringComparison.Ordinal) || _text.StartsWith(text, StringComparison.Ordinal), "a snapshot's text is the text so far");
        Require(snapshot.TextOf("reason") is "degraded" or "log_lost", "a snapshot says why the epoch began");
        Require(snapshot.TextOf("previous_epoch") is { Length: > 0 } previous && previous != snapshot.Epoch, "a snapshot names the epoch before");
        _text = text;
        _started = snapshot.TextOf("status") != "queued";
        _textDone = snapshot.Json.GetProperty("text_completed").GetBoolean();
        _ttsDone = snapshot.Json.GetProperty("tts_completed").GetBoolean();
        _ended = [.. calls[false]];
        _open.Clear();
        _open.UnionWith(calls[true]);
    }

    private static string CallOf(ReceivedFrame frame) => frame.Json.GetProperty("payload").GetProperty("tool_call_id").GetString()!;

    private void Require(bool holds, string rule)
    {
        if (!holds)
        {
            Xunit.Assert.Fail($"Broken rule: {rule}.\n{string.Join('\n', frames.Select(frame => frame.Raw))}");
        }
    }
}

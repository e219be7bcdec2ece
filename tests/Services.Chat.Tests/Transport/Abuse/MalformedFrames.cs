using System.Text;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Tests.Transport.Abuse;

/// <param name="Answer">error and its code, or another frame's type; a refused UI state is ui_state_ack with its reason.</param>
internal sealed record MalformedFrame(byte[] Utf8, params string[] Answer)
{
    public override string ToString() => $"{Encoding.UTF8.GetString(Utf8, 0, Math.Min(Utf8.Length, 300))} ({Utf8.Length} bytes), expected {string.Join(" or ", Answer)}";
}

/// <summary>Frames that no client should send, the same ones again for the same seed. Each is known to be wrong, and how.</summary>
internal sealed class MalformedFrames(int seed)
{
    private const string InvalidJson = "error invalid_json";
    private const string Invalid = "error validation_error";
    private const string InvalidState = "ui_state_ack invalid";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // Every field of every known frame, and the values that are of its kind.
    private static readonly (string Frame, string Field, string Kinds)[] Fields =
    [
        ("""{"type":"heartbeat"}""", "auth_token", "s"), ("""{"type":"ping"}""", "auth_token", "s"), ("""{"type":"close_session"}""", "auth_token", "s"),
        ("""{"type":"chat_message"}""", "message", "s"), ("""{"type":"chat_message"}""", "content", "s"),
        ("""{"type":"chat_message","message":"hi"}""", "auth_token", "s"), ("""{"type":"chat_message","message":"hi"}""", "profile_id", "s"),
        ("""{"type":"chat_message","message":"hi"}""", "context", "o"), ("""{"type":"chat_message","message":"hi"}""", "thread_id", "s"),
        ("""{"type":"chat_message","message":"hi"}""", "message_id", "sn"), ("""{"type":"cancel"}""", "run_id", "s"), ("""{"type":"cancel"}""", "auth_token", "s"),
        ("""{"type":"ack"}""", "event_id", "sn"), ("""{"type":"stream_resume","epoch":"e","last_seq":1}""", "run_id", ""),
        ("""{"type":"stream_resume","run_id":"0197a5a0-0000-7000-8000-000000000001","last_seq":1}""", "epoch", "s"),
        ("""{"type":"stream_resume","run_id":"0197a5a0-0000-7000-8000-000000000001","epoch":"e"}""", "last_seq", "n"),
        ("""{"userInput":{"prompt":"hi"}}""", "requestType", ""), ("""{"userInput":{"prompt":"hi"}}""", "request_type", ""),
        ("""{"requestType":"text"}""", "userInput", "o"), ("""{"requestType":"text"}""", "user_input", "o"),
        ("""{"requestType":"text","userInput":{"prompt":"hi"}}""", "userSettings", "o"), ("""{"requestType":"text","userInput":{"prompt":"hi"}}""", "user_settings", "o"),
        ("""{"requestType":"text","userInput":{"prompt":"hi"}}""", "customerId", "sn"), ("""{"requestType":"text","userInput":{"prompt":"hi"}}""", "customer_id", "sn"),
        ("""{"requestType":"text","userInput":{"prompt":"hi"}}""", "thread_id", "s"), ("""{"requestType":"text","userInput":{"prompt":"hi"}}""", "auth_token", "s"),
        ("""{"requestType":"text","userInput":{"$":0}}""", "prompt", "sa"), ("""{"requestType":"text","userInput":{"prompt":"hi","$":0}}""", "session_id", "s"),
        ("""{"requestType":"text","userInput":{"prompt":"hi"},"userSettings":{"$":0}}""", "text", "o"),
        ("""{"requestType":"text","userInput":{"prompt":"hi"},"userSettings":{"text":{"$":0}}}""", "model", "s"),
    ];

    private static readonly (string Frame, string Field, string Kinds)[] StateFields =
    [
        ("""{"type":"ui_state_update"}""", "state", "o"), ("""{"type":"ui_state_update","state":{"$":0}}""", "page_type", "s"),
        ("""{"type":"ui_state_update","state":{"$":0}}""", "page_url", "s"), ("""{"type":"ui_state_update","state":{"$":0}}""", "currentClient", ""),
        ("""{"type":"ui_state_update","state":{"$":0}}""", "selectedTemplate", ""), ("""{"type":"ui_state_update","state":{"$":0}}""", "loadedSessions", ""),
        ("""{"type":"ui_state_update","state":{"$":0}}""", "generatedDocuments", ""), ("""{"type":"ui_state_update","state":{"$":0}}""", "active_tab", "s"),
        ("""{"type":"ui_state_update","state":{"$":0}}""", "timestamp", "n"), ("""{"type":"ui_state_update","payload":"x"}""", "changeType", ""),
        ("""{"type":"ui_state_update","changeType":"active_tab"}""", "payload", "s"), ("""{"type":"ui_state_update","changeType":"page_type"}""", "payload", "s"),
        ("""{"type":"ui_state_update","changeType":"currentClient"}""", "payload", ""), ("""{"type":"ui_state_update","changeType":"loadedSessions"}""", "payload", ""),
        ("""{"type":"ui_state_update","changeType":"active_tab","payload":"x"}""", "timestamp", "n"),
        ("""{"type":"ui_state_update","changeType":"active_tab","payload":"x"}""", "page_type", "s"),
        ("""{"type":"ui_state_update","changeType":"active_tab","payload":"x"}""", "page_url", "s"),
        ("""{"type":"ui_state_update","state":{"loadedSessions":[$]}}""", "", ""), ("""{"type":"ui_state_update","state":{"currentClient":{"clientId":$}}}""", "", "s"),
    ];

    private static readonly (char Kind, string Json)[] Values =
    [
        ('s', "\"x\""), ('n', "5"), ('n', "12e2"), ('b', "true"), ('b', "false"), ('o', "{}"), ('o', """{"a":[1]}"""), ('a', "[]"), ('a', """["x",{}]"""), ('a', "[[[]]]"),
    ];

    private readonly Random _random = new(seed);

    public MalformedFrame Next() => _random.Next(12) switch
    {
        0 or 1 => WrongKind(Fields, Invalid),
        2 => WrongKind(StateFields, InvalidState),
        3 => BrokenJson(),
        4 => new(Utf8(Pick("5", "\"text\"", "null", "true", "[]", """[{"type":"ping"}]""", "-0", "1e400")), Invalid),
        5 => new(Utf8($$"""{"type":"{{Pick("", "no_such", "turn.started", "PING", "heartbeat ", "\\u0000", "tool_approval", new string('t', _random.Next(1, 100_000)))}}"}"""), Invalid),
        6 => Deep(),
        7 => new(Utf8(Pick("""{"type":"ping","type":"cancel"}""", """{"type":"chat_message","message":"a","message":"b"}""", """{"type":"cancel","x":{"a":1,"a":2}}""")), InvalidJson),
        8 => HugeNumber(),
        9 => new(Utf8(Pick("", " ", "\n\t", "\u00a0", "\ufeff")), InvalidJson),
        10 => Surrogate(),
        _ => new(Utf8($$"""{"type":"{{Pick("cancel", "stream_resume")}}","run_id":"{{Pick("", "x", "0197a5a0", "..", "%00")}}0","epoch":"e","last_seq":1}"""), Invalid),
    };

    private MalformedFrame WrongKind((string Frame, string Field, string Kinds)[] fields, string answer)
    {
        var (frame, field, kinds) = Pick(fields);
        var value = Pick([.. Values.Where(value => !kinds.Contains(value.Kind))]).Json;
        var json = frame.Contains("\"$\":0", StringComparison.Ordinal) ? frame.Replace("\"$\":0", $"\"{field}\":{value}", StringComparison.Ordinal)
            : frame.Contains('$', StringComparison.Ordinal) ? frame.Replace("$", value, StringComparison.Ordinal)
            : frame.Insert(frame.Length - 1, $",\"{field}\":{value}");
        return IsHarmless(field, value) ? WrongKind(fields, answer) : new(Utf8(json), answer);
    }

    // An empty list of sessions is a state like another.
    private static bool IsHarmless(string field, string value) => field is "loadedSessions" or "generatedDocuments" or "payload" && value == "[]";

    private MalformedFrame BrokenJson()
    {
        while (true)
        {
            var bytes = Utf8(Pick(Fields).Frame + Pick("", " ")).ToList();
            var place = _random.Next(bytes.Count);
            switch (_random.Next(4))
            {
                case 0:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 1:
                    bytes.Insert(place, (byte)Pick('\0', '\u0001', '{', '}', '"', '\\', '\'', ',', '/', '\u007f'));
                    break;
                case 2:
                    bytes[place] = (byte)_random.Next(0, 128);
                    break;
                default:
                    bytes.AddRange(Utf8(Pick("}", ",", "x", "{}", "\0", "//", "NaN")));
                    break;
            }

            if (!IsJson(bytes.ToArray()))
            {
                return new([.. bytes], InvalidJson);
            }
        }
    }

    private MalformedFrame Deep()
    {
        var depth = _random.Next(64, 3000);
        var (open, close) = Pick(("[", "]"), ("""{"a":""", "}"));
        return new(Utf8($$"""{"type":"{{Pick("ping", "chat_message", "ui_state_update")}}","state":{{string.Concat(Enumerable.Repeat(open, depth))}}0{{string.Concat(Enumerable.Repeat(close, depth))}}}"""), InvalidJson);
    }

    private MalformedFrame HugeNumber()
    {
        var number = Pick("1e400", "-1e400", new string('9', _random.Next(20, 5000)), "0.1", "1e-400", "9223372036854775808");
        return _random.Next(2) == 0
            ? new(Utf8($$$"""{"type":"stream_resume","run_id":"0197a5a0-0000-7000-8000-000000000001","epoch":"e","last_seq":{{{number}}}}"""), Invalid)
            : new(Utf8($$$"""{"type":"ui_state_update","changeType":"active_tab","payload":"x","timestamp":{{{number}}}}"""), InvalidState);
    }

    private MalformedFrame Surrogate()
    {
        var text = Pick(@"\ud800", @"a\udfff", @"\udc00\ud800");
        return Pick<MalformedFrame>(
            new(Utf8($$$"""{"type":"{{{text}}}"}"""), InvalidJson),
            new(Utf8($$$"""{"type":"chat_message","message":"{{{text}}}"}"""), InvalidJson),
            new(Utf8($$$"""{"type":"cancel","run_id":"{{{text}}}"}"""), InvalidJson),
            new(Utf8($$$"""{"type":"ui_state_update","changeType":"active_tab","payload":"{{{text}}}"}"""), InvalidJson, InvalidState),
            new(Utf8($$$$"""{"type":"ui_state_update","state":{"currentClient":{"clientId":"{{{{text}}}}"}}}"""), InvalidJson, InvalidState));
    }

    private static bool IsJson(byte[] utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];
}

using System.Text.Json;

namespace AiPlatform.AppHost.Demo;

/// <summary>Frames and documents as lines of a terminal.</summary>
internal static class DemoPrinter
{
    private const int MaxWidth = 150;

    public static void Say(string text) => Console.WriteLine($"\n{text}");

    public static void Sent(string message) => Console.WriteLine($"\n> {message}");

    // 12 tool_executing       search_clients {"query":"..."}
    public static void Received(JsonElement frame)
    {
        var type = frame.GetProperty("type").GetString();
        var seq = frame.TryGetProperty("seq", out var number) ? number.GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        Console.WriteLine($"{seq,4} {type,-18} {Shorten(Summarise(type, frame))}");
    }

    public static void Document(JsonElement document)
    {
        Say($"{document.GetProperty("name").GetString()}, version {document.GetProperty("version").GetInt32()}");
        foreach (var section in document.GetProperty("sections").EnumerateArray())
        {
            Say(section.GetProperty("heading").GetString()!);
            if (!section.GetProperty("discussed").GetBoolean())
            {
                Console.WriteLine("  Not discussed in this session.");
            }

            foreach (var sentence in section.GetProperty("sentences").EnumerateArray())
            {
                var mark = sentence.GetProperty("supported").GetBoolean() ? " " : "?";
                Console.WriteLine($"{mark} {sentence.GetProperty("text").GetString()}");
                foreach (var evidence in sentence.GetProperty("evidence").EnumerateArray())
                {
                    Console.WriteLine(Shorten(
                        $"      [{evidence.GetProperty("segmentIndex").GetInt32()}] {evidence.GetProperty("start").GetString()} "
                        + $"{evidence.GetProperty("speaker").GetString()}: {evidence.GetProperty("quote").GetString()}"));
                }
            }
        }
    }

    private static string Summarise(string? type, JsonElement frame) => type switch
    {
        "typing" => frame.GetProperty("typing").GetRawText(),
        "websocket_ready" => frame.GetProperty("session_id").GetString()!,
        "agent_thinking" => frame.GetProperty("payload").GetProperty("reasoning").GetString()!,
        "tool_executing" => $"{Payload(frame, "tool_name")} {frame.GetProperty("payload").GetProperty("parameters").GetRawText()}",
        "tool_completed" => $"{Payload(frame, "tool_name")} {Payload(frame, "status")}, {frame.GetProperty("payload").GetProperty("execution_time_ms").GetInt64()} ms",
        "agent_started" or "agent_completed" => $"{Payload(frame, "status")} {Payload(frame, "message")}",
        "ui_action" => frame.GetProperty("action").GetProperty("type").GetString()!,
        "text_chunk" or "text_completed" => frame.GetProperty("content").GetString()!,
        "error" => $"{frame.GetProperty("code").GetString()}: {frame.GetProperty("content").GetString()}",
        _ => "",
    };

    private static string? Payload(JsonElement frame, string name) => frame.GetProperty("payload").GetProperty(name).GetString();

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= MaxWidth ? line : line[..(MaxWidth - 3)] + "...";
    }
}

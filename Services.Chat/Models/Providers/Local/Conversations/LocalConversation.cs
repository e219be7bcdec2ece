using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

/// <summary>A request as the model reads it: nothing but the messages and the tools on offer.</summary>
internal sealed partial record LocalConversation(
    string Request,
    IReadOnlyList<string> EarlierRequests,
    IReadOnlyList<ToolExchange> Exchanges,
    Screen Screen,
    DateOnly Today,
    IReadOnlyList<AIFunctionDeclaration> Tools)
{
    public IEnumerable<ToolExchange> Run => Exchanges.Where(exchange => exchange.ThisRun);

    public AIFunctionDeclaration? Tool(string name) => Tools.FirstOrDefault(tool => tool.Name == name);

    /// <summary>The newest successful answer of a tool; this run's before the thread's.</summary>
    public ToolExchange? Answer(string tool, bool thisRun = true) =>
        Exchanges.LastOrDefault(exchange => exchange.Name == tool && !exchange.Failed && (exchange.ThisRun || !thisRun));

    public static LocalConversation Read(IReadOnlyList<ChatMessage> messages, ChatOptions? options, DateTimeOffset now)
    {
        var system = string.Join('\n', messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text).Prepend(options?.Instructions));
        var last = messages.ToList().FindLastIndex(message => message.Role == ChatRole.User);
        var today = NowTag().Match(system) is { Success: true } tag
            && DateTimeOffset.TryParse(tag.Groups["now"].Value.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var told) ? told : now;
        var tools = options?.ToolMode is NoneChatToolMode ? [] : options?.Tools?.OfType<AIFunctionDeclaration>().ToList() ?? [];

        return new(
            last < 0 ? "" : messages[last].Text.Trim(),
            [.. messages.Take(Math.Max(last, 0)).Where(message => message.Role == ChatRole.User).Select(message => message.Text)],
            ReadExchanges(messages, last),
            Screen.Read(StateTag().Match(system) is { Success: true } state ? state.Groups["json"].Value : null),
            DateOnly.FromDateTime(today.Date),
            tools);
    }

    private static List<ToolExchange> ReadExchanges(IReadOnlyList<ChatMessage> messages, int last)
    {
        var calls = new Dictionary<string, FunctionCallContent>(StringComparer.Ordinal);
        var exchanges = new List<ToolExchange>();

        for (var i = 0; i < messages.Count; i++)
        {
            foreach (var content in messages[i].Contents)
            {
                if (content is FunctionCallContent call)
                {
                    calls[call.CallId] = call;
                }
                else if (content is FunctionResultContent result && calls.TryGetValue(result.CallId, out var answered))
                {
                    exchanges.Add(new(answered.Name, ToJson(answered.Arguments), ToJson(result.Result), i > last));
                }
            }
        }

        return exchanges;
    }

    private static JsonElement ToJson(object? value)
    {
        if (value is string text)
        {
            try
            {
                return JsonElement.Parse(text);
            }
            catch (JsonException)
            {
                // A tool may answer in plain words.
            }
        }

        return value is JsonElement element
            ? element
            : JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value?.GetType() ?? typeof(object)));
    }

    [GeneratedRegex(@"<ui_state>(?<json>.*?)</ui_state>", RegexOptions.Singleline)]
    private static partial Regex StateTag();

    [GeneratedRegex(@"<now>(?<now>[^<]*)</now>")]
    private static partial Regex NowTag();
}

using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

/// <summary>Greetings, thanks and questions about the model itself, when the message is nothing else.</summary>
internal static partial class SmallTalk
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const int WordsLeft = 2;

    /// <returns>Null when the message asks for something.</returns>
    public static string? Answer(LocalConversation conversation)
    {
        var text = conversation.Request;

        if (text.Length == 0)
        {
            return "I received no message. What shall I look up?";
        }

        if (Self().IsMatch(text))
        {
            return $"I am the assistant of your practice. {Refusals.Abilities(conversation)}";
        }

        return Tokens.Stems(Polite().Replace(text, " ")).Count > WordsLeft ? null
            : Thanks().IsMatch(text) ? "You're welcome. Tell me when you need anything else."
            : Farewell().IsMatch(text) ? "Goodbye."
            : Greeting().IsMatch(text) ? $"Hello. {Refusals.Abilities(conversation)}"
            : null;
    }

    [GeneratedRegex(@"^(hi|hello|hey|good (morning|afternoon|evening)|greetings)\b|\bhow are you\b", Options)]
    private static partial Regex Greeting();

    [GeneratedRegex(@"\b(thanks|thank you|cheers|much appreciated)\b|^(great|perfect|lovely|excellent|awesome|nice|good job|well done|brilliant)\b", Options)]
    private static partial Regex Thanks();

    [GeneratedRegex(@"^(bye|goodbye|see you|good night)\b", Options)]
    private static partial Regex Farewell();

    [GeneratedRegex(@"^(who|what) are you\b|\bwhat can you do\b|^help[.!?]?$|\bare you (a |an )?(bot|ai|human|robot)\b", Options)]
    private static partial Regex Self();

    [GeneratedRegex(@"\b(hi|hello|hey|there|good|morning|afternoon|evening|thanks|thank|you|cheers|great|perfect|lovely|excellent|awesome|nice|job|done|brilliant|much|appreciated|how|are|bye|goodbye|see|night|today|work|helpful|help)\b", Options)]
    private static partial Regex Polite();
}

using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

/// <summary>Says what did not work, in the tool's own words, and does not try again.</summary>
internal static class Failures
{
    public static string Tell(ToolExchange failed)
    {
        var done = failed.Name.Replace('_', ' ');
        var message = failed.ErrorMessage.TrimEnd('.');
        var hint = JsonFields.Get(failed.Result, "error") is { } error && JsonFields.Text(error, "suggestion") is { } suggestion ? $" {suggestion}" : "";

        return $"That did not work: {done} failed ({failed.ErrorCode}). {message}.{hint} I stopped there; nothing else was done.";
    }
}

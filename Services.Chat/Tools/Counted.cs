namespace AiPlatform.Services.Chat.Tools;

/// <summary>Counts in words for the user.</summary>
internal static class Counted
{
    public static string Found(int count, string thing) => $"Found {Of(count, thing)}.";

    public static string Of(int count, string thing) => count switch
    {
        0 => $"no {thing}",
        1 => $"1 {thing}",
        _ => $"{count} {thing}s",
    };
}

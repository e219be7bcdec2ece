namespace AiPlatform.Services.Chat.Usage.Records;

internal static class Money
{
    /// <summary>0.007500000, as the table has it, as 0.0075.</summary>
    public static decimal Plain(decimal usd) => usd / 1.0000000000000000000000000000m;
}

namespace AiPlatform.Services.Chat.Runs;

/// <summary>One place in a limited set, held under a name until it is given back or not renewed.</summary>
internal sealed record Lease(string Key, string Holder, int Limit);

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>What a model can do, as far as callers and the filtering of parameters need to know.</summary>
[Flags]
internal enum ModelCapabilities
{
    None = 0,
    Tools = 1,
    Vision = 2,
    Reasoning = 4,
    Json = 8,
    Audio = 16,
}

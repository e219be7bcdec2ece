namespace AiPlatform.Services.Chat.Services;

/// <summary>The service's own credential at the Api.</summary>
internal sealed class ServiceCredentialOptions
{
    public const string Section = "Auth";

    public string ClientId { get; init; } = "chat";

    public string ClientSecret { get; init; } = string.Empty;
}

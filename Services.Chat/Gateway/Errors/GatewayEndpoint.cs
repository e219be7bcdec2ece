namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>Marks routes that answer in OpenAI's envelope, refusals of the sign-in included.</summary>
internal sealed class GatewayEndpoint;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>An endpoint refused the request and said why, in words the caller can read. Nothing of them is logged.</summary>
internal sealed class RefusedException(UpstreamRefusal refusal) : Exception("The endpoint refused the request.")
{
    public UpstreamRefusal Refusal { get; } = refusal;
}

namespace AiPlatform.Services.Chat.Services;

/// <summary>In whose name a neighbour is called. Made for one tool call and never kept.</summary>
/// <param name="ProfileId">Sent when the caller is a practitioner, and for nobody else.</param>
/// <param name="IdempotencyKey">Set on every write, so that a repeat does nothing twice.</param>
internal sealed record ServiceCall(string Token, Guid? ProfileId, string CorrelationId, string? IdempotencyKey = null)
{
    /// <summary>Without the token, which must not reach a log by accident.</summary>
    public override string ToString() => $"ServiceCall {CorrelationId}";
}

namespace AiPlatform.Services.Chat.Events;

/// <summary>Names a run. The practice is part of every key in Redis, so another practice's run id is simply unknown.</summary>
internal readonly record struct RunKey(Guid PracticeId, Guid RunId)
{
    public string Meta => $"chat:{PracticeId}:run:{RunId}:meta";

    public string Lease => $"chat:{PracticeId}:run:{RunId}:lease";

    /// <summary>The frames of one epoch.</summary>
    public string Log(string epoch) => $"{LogPrefix}{epoch}";

    public string LogPrefix => $"chat:{PracticeId}:run:{RunId}:log:";
}

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>One of <see cref="PendingCalls"/>, which links them with each other.</summary>
/// <param name="dueAt">When it has waited long enough, in timestamps of the clock.</param>
internal abstract class PendingCall(long dueAt)
{
    public long DueAt => dueAt;

    public PendingCall? Previous { get; set; }

    public PendingCall? Next { get; set; }

    /// <summary>Ends the wait, unless it is over.</summary>
    public abstract void Fail(Exception exception);
}

namespace AiPlatform.Services.Api.Tests.Identity;

/// <summary>The machine's clock, set forward by hand; timers stay as they are.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;
}

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>How long an endpoint may keep a call waiting. Each bounds its own part, <see cref="Total"/> all of it.</summary>
internal sealed record EndpointTimeouts
{
    public static readonly EndpointTimeouts Default = new();

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request to the first byte of the reply's body.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest silence within a reply.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(300);
}

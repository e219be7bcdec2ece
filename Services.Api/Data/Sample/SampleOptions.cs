namespace AiPlatform.Services.Api.Data.Sample;

/// <summary>The invented practices that a developer starts with.</summary>
internal sealed class SampleOptions
{
    public const string Section = "Sample";

    /// <summary>Whether to load them at start; left out: in Development only.</summary>
    public bool? Load { get; init; }
}

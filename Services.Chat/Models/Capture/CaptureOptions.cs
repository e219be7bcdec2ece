namespace AiPlatform.Services.Chat.Models.Capture;

/// <summary>What an operator may add to telemetry; a variable that the host sets for everybody is not an operator's decision.</summary>
internal sealed class CaptureOptions
{
    public const string Section = "Telemetry";

    /// <summary>Spans of model calls carry what the model was sent and what it answered.</summary>
    public bool CaptureModelContent { get; set; }
}

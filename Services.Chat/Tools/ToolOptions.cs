using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tools;

internal sealed class ToolOptions
{
    public const string Section = "Tools";

    /// <summary>The longest a call may take, its repeats included.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same for a call behind which a model writes a document.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan GenerationTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest JSON of a result in a frame; the model gets it whole.</summary>
    [Range(200, 100_000)]
    public int FrameResultLength { get; init; } = 2_000;

    /// <summary>The same for the parameters of a call.</summary>
    [Range(200, 100_000)]
    public int FrameParametersLength { get; init; } = 1_000;
}

[OptionsValidator]
internal sealed partial class ToolOptionsValidator : IValidateOptions<ToolOptions>;

using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Id and secret of one of the platform's services.</summary>
internal sealed class ServiceCredential
{
    [Required]
    public string Id { get; init; } = "";

    [Required]
    [MinLength(16)]
    public string Secret { get; init; } = "";
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>Whose tokens this service accepts. The defaults are the platform's own, issued by Services.Api.</summary>
public sealed class AuthOptions
{
    public const string Section = "Auth";

    [Required]
    public string Issuer { get; init; } = "https://aiplatform.local";

    [Required]
    public string Audience { get; init; } = "aiplatform";

    /// <summary>Where the issuer's /.well-known/jwks.json is fetched from; a service name or an address.</summary>
    [Required]
    public string Authority { get; init; } = "http://api";

    /// <summary>ES256, or RS256 for a configured outside issuer. A key of another kind never verifies.</summary>
    [RegularExpression("ES256|RS256")]
    public string Algorithm { get; init; } = TokenAlgorithms.Es256;

    /// <summary>How far clocks may differ, in seconds.</summary>
    [Range(0, 60)]
    public int ClockSkewSeconds { get; init; } = 30;
}

[OptionsValidator]
internal sealed partial class AuthOptionsValidator : IValidateOptions<AuthOptions>;

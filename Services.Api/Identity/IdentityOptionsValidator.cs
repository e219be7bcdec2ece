using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

[OptionsValidator]
internal sealed partial class IdentityOptionsValidator : IValidateOptions<IdentityOptions>;

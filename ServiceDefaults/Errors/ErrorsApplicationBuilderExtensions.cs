using Microsoft.AspNetCore.Builder;

namespace AiPlatform.ServiceDefaults.Errors;

public static class ErrorsApplicationBuilderExtensions
{
    /// <summary>Gives what fails its problem, and answers that are a status and nothing else (unknown route, wrong method, <c>NotFound()</c>) theirs.</summary>
    public static IApplicationBuilder UseErrors(this IApplicationBuilder app) => app.UseStatusCodePages().UseExceptionHandler();
}

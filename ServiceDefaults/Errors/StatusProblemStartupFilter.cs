using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>Gives answers that are a status and nothing else (unknown route, wrong method, <c>NotFound()</c>) their problem.</summary>
internal sealed class StatusProblemStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseStatusCodePages();
        next(app);
    };
}

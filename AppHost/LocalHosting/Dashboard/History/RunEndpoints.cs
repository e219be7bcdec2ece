using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.History;

internal static class RunEndpoints
{
    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var history = host.GetRequiredService<RunHistory>();
        app.MapGet("/api/runs", () => Results.Ok(history.Runs()));
    }
}

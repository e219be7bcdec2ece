using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>Puts the verified caller's id on what is logged while their request is served: the id, and nothing else of theirs.</summary>
internal sealed class CallerLogProcessor : BaseProcessor<LogRecord>
{
    // Every accessor sees the request of its own flow of control, and none once that has ended.
    private readonly HttpContextAccessor _requests = new();

    public override void OnEnd(LogRecord data)
    {
        if (_requests.HttpContext?.Features.Get<AuthenticatedUser>() is { } caller)
        {
            data.Attributes = [.. data.Attributes ?? [], new("user.id", caller.User.UserId.ToString())];
        }
    }
}

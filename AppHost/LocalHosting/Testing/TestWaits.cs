using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Testing;

internal static class TestWaits
{
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(2);

    /// <summary>How long anything in a test host may be waited for when the waiter gave no limit of its own.</summary>
    public static TimeSpan Limit(IConfiguration configuration) => configuration.GetValue("LocalHosting:WaitLimit", Default);
}

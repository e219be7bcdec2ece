namespace AiPlatform.LocalHosting.Tests;

/// <summary>For what can only be looked at: asked again until it is so, within the one limit of every wait.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var limit = TestHosts.InTime();
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit);
        }
    }
}

using Xunit.Sdk;

namespace AiPlatform.Services.Chat.Tests.Live;

/// <summary>
/// A test against a real provider: skipped, with the reason, without a key and when the provider is the reason that there is no answer
/// (<see cref="LiveFailures"/>). Everything else is a failure, as of any test.
/// </summary>
[XunitTestCaseDiscoverer("AiPlatform.Services.Chat.Tests.Live.LiveFactDiscoverer", "Services.Chat.Tests")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LiveFactAttribute : FactAttribute
{
    public LiveFactAttribute()
    {
        if (LiveModel.Key is null)
        {
            Skip = $"{LiveModel.KeyVariable} is not set: there is no provider to ask.";
        }
    }
}

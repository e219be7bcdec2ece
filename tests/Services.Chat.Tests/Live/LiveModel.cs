using System.Globalization;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Tests.Agents;

namespace AiPlatform.Services.Chat.Tests.Live;

/// <summary>The provider that live tests ask, and what each of them cost.</summary>
internal static class LiveModel
{
    public const string KeyVariable = "OPENAI_API_KEY";
    public const string Large = "gpt-4o";
    public const string Small = "gpt-4o-mini";

    // USD for a thousand tokens.
    private static readonly Dictionary<string, ModelPrices> Prices = new()
    {
        [Large] = new(0.0025m, 0.01m, ModelPrices.Thousand),
        [Small] = new(0.00015m, 0.0006m, ModelPrices.Thousand),
    };

    private static readonly Lock Report = new();

    public static string? Key => Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null;

    /// <summary>The agent with its real tools, served by the provider.</summary>
    public static Task<AgentHarness> StartAgentAsync(string model) => AgentHarness.StartWithModelsAsync(screen: null, SettingsOf(model));

    /// <summary>Does what a test asks of the provider within its time; a failure that is the provider's own skips the test.</summary>
    public static async Task<T> AskAsync<T>(TimeSpan within, Func<CancellationToken, Task<T>> ask)
    {
        using var bound = new CancellationTokenSource(within);
        try
        {
            return await ask(bound.Token);
        }
        catch (Exception exception) when (LiveFailures.ReasonToSkip(exception) is { } reason)
        {
            throw new LiveSkippedException(reason, exception);
        }
    }

    /// <summary>A line for the nightly report in the file that LIVE_REPORT names: test, model, tokens in and out, USD.</summary>
    public static void Spent(string test, string model, long input, long output)
    {
        if (Environment.GetEnvironmentVariable("LIVE_REPORT") is not { Length: > 0 } file)
        {
            return;
        }

        var cost = Prices[model].CostOf(new TokenUsage(input, output));
        lock (Report)
        {
            File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{test}\t{model}\t{input}\t{output}\t{cost:0.000000}\n"));
        }
    }

    private static (string Key, string Value)[] SettingsOf(string model) =>
    [
        ("Models:OpenAi:ApiKey", Key!), ("Models:OpenAi:Model", model),
        .. Environment.GetEnvironmentVariable("OPENAI_BASE_URL") is { Length: > 0 } url ? [("Models:OpenAi:BaseUrl", url)] : Array.Empty<(string, string)>(),
    ];
}

using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Tests.Gateway;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models;

/// <summary>Agents in process go the same way over endpoints as everybody else.</summary>
public sealed class RoutedChatClientTests : IAsyncLifetime
{
    private static readonly ModelCaller Caller = new(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner, "web_assistant", RunId: Guid.CreateVersion7());

    private readonly string _group = $"m-{Guid.CreateVersion7():N}";
    private ModelServer? _first;
    private ModelServer? _second;
    private GatewayHost? _host;

    private ModelServer First => _first!;

    private ModelServer Second => _second!;

    private GatewayHost Host => _host!;

    private IChatClient Client => Host.Get<IChatModels>().GetChatClient(_group, Caller);

    public async Task InitializeAsync()
    {
        _first = await ModelServer.StartAsync();
        _second = await ModelServer.StartAsync();
        Second.Respond = _ => ModelReply.Text("From the second.") with { PromptTokens = 8, CompletionTokens = 3 };
        _host = await GatewayHost.StartWithCatalogueAsync($$"""
            groups:
              - name: {{_group}}
                endpoints:
                  - { name: first, base_url: "{{First.BaseUrl}}", model: x }
                  - { name: second, base_url: "{{Second.BaseUrl}}", model: x, weight: 0 }
            """);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_FirstEndpointFails_IsAnsweredByTheNextAndSettledOnce(bool stream)
    {
        First.Respond = _ => ModelReply.Refuse(HttpStatusCode.InternalServerError);

        var response = stream ? await Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync() : await Client.GetResponseAsync("Hi");

        Assert.Equal("From the second.", response.Text);
        var settled = await Host.Settled.NextAsync();
        Assert.Equal(
            (ModelCallOutcome.Complete, "second", 2, new TokenUsage(8, 3), Caller), (settled.Outcome, settled.Endpoint?.Name, settled.Attempts, settled.Usage, settled.Start.Caller));
        Assert.False(Host.Settled.HasMore);
    }

    [Fact]
    public async Task Stream_BreaksAfterTheFirstWord_IsNotBegunAgainElsewhere()
    {
        First.Respond = _ => ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Cut());

        var failure = await Assert.ThrowsAsync<DomainException>(() => Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.stream_broken", failure.Code);
        Assert.Empty(Second.Requests);
        Assert.Equal(ModelCallOutcome.Partial, (await Host.Settled.NextAsync()).Outcome);
        Assert.Equal("cooling", (await Host.StatsAsync("first")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Stream_LeftEarly_IsSettledAsAborted()
    {
        First.Respond = _ => ModelReply.Of(new ModelStep.TextDelta("One"), new ModelStep.Wait(Timeout.InfiniteTimeSpan));

        await foreach (var update in Client.GetStreamingResponseAsync("Hi"))
        {
            if (update.Text.Length > 0)
            {
                break;
            }
        }

        Assert.Equal(ModelCallOutcome.Aborted, (await Host.Settled.NextAsync()).Outcome);
        Assert.Equal(0, (await Host.StatsAsync("first")).GetProperty("in_flight").GetInt32());
    }

    [Fact]
    [Trait("Spec", "LP-015")]
    public async Task Health_EveryEndpointFailed_SaysWhichGroupCannotBeCalled()
    {
        First.Respond = _ => ModelReply.Refuse(HttpStatusCode.InternalServerError);
        Second.Respond = First.Respond;
        await Assert.ThrowsAsync<DomainException>(() => Client.GetResponseAsync("Hi"));
        using var http = Host.Client();

        var models = (await http.GetFromJsonAsync<JsonElement>("/health")).GetProperty("checks").GetProperty("models");

        Assert.Equal(
            ("Degraded", $"No endpoint of '{_group}' works at the moment.", $$"""{"{{_group}}":"unavailable","local":"available"}"""),
            (models.GetProperty("status").GetString(), models.GetProperty("description").GetString(), models.GetProperty("groups").GetRawText()));
    }

    [Fact]
    public async Task Metrics_OfACall_AreThoseOfTheConventions()
    {
        var measured = new List<(string Name, double Value, string? Type)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listening) =>
        {
            if (instrument.Name.StartsWith("gen_ai.client.", StringComparison.Ordinal))
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.Start();
        First.Respond = _ => ModelReply.Text("Yes.") with { PromptTokens = 11, CompletionTokens = 2 };

        await Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        Assert.Equal(
            ["gen_ai.client.operation.duration", "gen_ai.client.operation.time_to_first_chunk", "gen_ai.client.token.usage", "gen_ai.client.token.usage"],
            measured.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal([(2d, "output"), (11d, "input")], measured.Where(one => one.Type is not null).Select(one => (one.Value, one.Type!)).Order());

        void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var all = tags.ToArray().ToDictionary();

            // Other tests measure too.
            if (Equals(all["gen_ai.request.model"], _group))
            {
                measured.Add((name, value, all.GetValueOrDefault("gen_ai.token.type") as string));
            }
        }
    }
}

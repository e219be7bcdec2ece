using System.Collections.Concurrent;
using System.Text.Json;
using AiPlatform.ServiceDefaults;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Services;
using AiPlatform.Services.Chat.Tests.Tools;
using AiPlatform.Services.Chat.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Agents;

/// <summary>The agent with its real tools and clients between a scripted model and two neighbour servers.</summary>
internal sealed class AgentHarness : IAsyncDisposable, IRunOutput, IRunToken
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FrameBody> _frames = new();

    private AgentHarness(WebApplication app, NeighbourServer api, NeighbourServer documents, ScriptedModel model, ImpatientTime time, SessionScreen screen)
    {
        _app = app;
        Api = api;
        Documents = documents;
        Model = model;
        Time = time;
        Screen = screen;
    }

    public NeighbourServer Api { get; }

    public NeighbourServer Documents { get; }

    public ScriptedModel Model { get; }

    public ImpatientTime Time { get; }

    public SessionScreen Screen { get; }

    public string Token { get; set; } = "run-token";

    public CurrentUser User { get; set; } = new(Guid.CreateVersion7(), UserRole.Practitioner, Guid.CreateVersion7(), Guid.CreateVersion7(), null, null);

    public Guid RunId { get; } = Guid.CreateVersion7();

    /// <summary>What the agent said it has used, last.</summary>
    public UsagePayload? UsedSoFar { get; private set; }

    public IReadOnlyList<FrameBody> Frames => [.. _frames];

    public IEnumerable<string> FrameTypes => Frames.Select(Type);

    /// <summary>Runs inside the output, for a test that acts at a certain frame.</summary>
    public Action<FrameBody>? OnFrame { get; set; }

    public static Task<AgentHarness> StartAsync(ScriptedModel model, UiState? screen = null, params (string Key, string Value)[] settings) =>
        StartAsync(model, services => services.AddSingleton<IChatModels>(model), screen, settings);

    public static Task<AgentHarness> StartWithToolAsync(ScriptedModel model, AgentTool tool) =>
        StartAsync(model, services => services.AddSingleton<IChatModels>(model).AddSingleton(tool), null, []);

    /// <summary>The agent with the platform's own models, configured by the settings; with none, the embedded one.</summary>
    public static Task<AgentHarness> StartWithModelsAsync(UiState? screen = null, params (string Key, string Value)[] settings) =>
        StartAsync(new ScriptedModel(), services => services.AddModels(), screen, settings);

    private static async Task<AgentHarness> StartAsync(
        ScriptedModel model, Action<IServiceCollection> addModels, UiState? screen, (string Key, string Value)[] settings)
    {
        var api = await NeighbourServer.StartAsync();
        var documents = await NeighbourServer.StartAsync();
        var time = new ImpatientTime();
        var store = new SessionScreen(screen ?? new UiState { PageType = "transcribe_page" });

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:api:http:0"] = api.Url,
            ["services:documents:http:0"] = documents.Url,
        });
        builder.AddServiceDefaults();
        builder.Services.AddServices().AddTools().AddAgents();
        addModels(builder.Services);
        builder.Services.AddSingleton<IUiStateStore>(store);
        builder.Services.AddSingleton<IToolLedger>(new FakeLedger());
        builder.Services.AddSingleton<TimeProvider>(time);
        return new(builder.Build(), api, documents, model, time, store);
    }

    /// <summary>A run whose model makes one call and then ends.</summary>
    public static Task<AgentHarness> StartForCallAsync(string tool, object? arguments = null, UiState? screen = null) => StartAsync(
        new(ScriptedModel.Calls(ScriptedModel.Call("call-1", tool, arguments)), ScriptedModel.Says("Done.")), screen);

    public AgentRun Run(string message = "Find Maya Okafor", bool providerFrames = false) => new(
        RunId, SessionScreen.Key(User), null, User, "web_assistant", message, [], null, providerFrames, "correlation-1");

    public Task<AgentOutcome> RunAsync(string message = "Find Maya Okafor", CancellationToken cancellationToken = default) =>
        RunAsync(Run(message), cancellationToken);

    public Task<AgentOutcome> RunAsync(AgentRun run, CancellationToken cancellationToken = default) =>
        _app.Services.GetRequiredService<AgentRunner>().RunAsync(run, this, this, cancellationToken);

    /// <summary>What the model was told about its first tool call, or about the given one.</summary>
    public JsonElement Told(int call = 0) => (JsonElement)Model.Requests[^1].Results[call].Result!;

    public IEnumerable<JsonElement> UiActions => Frames.OfType<UiActionFrame>().Select(frame => Json(frame).GetProperty("action"));

    public IServiceProvider Services => _app.Services;

    public T Service<T>()
        where T : notnull => _app.Services.CreateScope().ServiceProvider.GetRequiredService<T>();

    public static string Type(FrameBody frame) =>
        JsonSerializer.SerializeToElement(frame, FrameJsonContext.Default.FrameBody).GetProperty("type").GetString()!;

    public static JsonElement Json(FrameBody frame) => JsonSerializer.SerializeToElement(frame, FrameJsonContext.Default.FrameBody);

    public ValueTask EmitAsync(FrameBody frame, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _frames.Enqueue(frame);
        OnFrame?.Invoke(frame);
        return ValueTask.CompletedTask;
    }

    public void Used(UsagePayload soFar) => UsedSoFar = soFar;

    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Token);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Api.DisposeAsync();
        await Documents.DisposeAsync();
    }
}

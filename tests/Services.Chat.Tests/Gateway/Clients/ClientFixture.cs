using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Gateway.Responses;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Clients;

/// <summary>The gateway for clients that are other people's programs; the tests of a class share it and its node processes.</summary>
public sealed class ClientFixture : IAsyncLifetime
{
    private readonly Dictionary<string, NodeProgram> _programs = [];
    private ResponseHost? _host;

    public ModelServer Model => _host!.Model;

    /// <summary>As people configure it: with the version.</summary>
    public Uri BaseUrl => new(_host!.Chat.Url, "v1");

    public string Key => _host!.Chat.Tokens.Issue(_host.User);

    public async Task InitializeAsync() => _host = await ResponseHost.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var program in _programs.Values)
        {
            await program.DisposeAsync();
        }

        await _host!.DisposeAsync();
    }

    /// <returns>What the client made of it.</returns>
    internal async Task<JsonElement> AskAsync(string script, string package, object command)
    {
        var answer = await SendAsync(script, package, Key, command);
        return answer.TryGetProperty("ok", out var ok) ? ok : throw new InvalidOperationException(answer.GetRawText());
    }

    /// <returns>The error that the client threw, in its own words.</returns>
    internal async Task<JsonElement> FailAsync(string script, string package, object command) =>
        (await SendAsync(script, package, Key, command)).GetProperty("error");

    /// <inheritdoc cref="FailAsync"/>
    internal async Task<JsonElement> FailAsStrangerAsync(string script, string package, object command)
    {
        await using var stranger = NodeProgram.Start(script, package, BaseUrl.AbsoluteUri, "no-token");
        return (await stranger.AskAsync(JsonSerializer.Serialize(command))).GetProperty("error");
    }

    private Task<JsonElement> SendAsync(string script, string package, string key, object command)
    {
        if (!_programs.TryGetValue(script, out var program))
        {
            _programs[script] = program = NodeProgram.Start(script, package, BaseUrl.AbsoluteUri, key);
        }

        return program.AskAsync(JsonSerializer.Serialize(command));
    }
}

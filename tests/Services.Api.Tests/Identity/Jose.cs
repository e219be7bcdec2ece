using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Identity;

/// <summary>The npm package jose in a process of its own, reading our key set over HTTP: tests/Clients/verify-token.mjs.</summary>
internal sealed class Jose : IAsyncDisposable
{
    private readonly NodeProgram _program;

    private Jose(NodeProgram program) => _program = program;

    public static Jose Start(Uri keys, string issuer = "https://aiplatform.local", string audience = "aiplatform") =>
        new(NodeProgram.Start("verify-token.mjs", "jose", keys.ToString(), issuer, audience));

    /// <returns><c>{"header":...,"claims":...}</c>, or <c>{"refused":"ERR_..."}</c>.</returns>
    public Task<JsonElement> VerifyAsync(string token) => _program.AskAsync(token);

    public async Task<string?> RefusalAsync(string token) =>
        (await VerifyAsync(token)).TryGetProperty("refused", out var code) ? code.GetString() : null;

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}

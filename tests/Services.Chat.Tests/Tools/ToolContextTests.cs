using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tools;

namespace AiPlatform.Services.Chat.Tests.Tools;

public sealed class ToolContextTests
{
    private readonly Guid _runId = Guid.CreateVersion7();

    [Fact]
    public async Task Write_PlainCallId_IsTheKeyWithItsRun() => Assert.Equal($"{_runId}:call_a", await KeyOfAsync("call_a"));

    [Fact]
    public async Task Write_CallIdThatFitsNoHeader_HasAKeyOfItsOwnThatDoes()
    {
        string[] ids = [new('x', 4000), new('x', 4001), "call\r\nX-Other: 1", "call a", "Anruf-ä"];
        var keys = new List<string>();
        foreach (var id in ids)
        {
            keys.Add(await KeyOfAsync(id));
        }

        Assert.Equal(ids.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches($"^{_runId}:[0-9a-f]{{64}}$", key));
        Assert.Equal(keys[0], await KeyOfAsync(ids[0]));
    }

    private async Task<string> KeyOfAsync(string callId)
    {
        var user = new CurrentUser(Guid.CreateVersion7(), UserRole.Practitioner, Guid.CreateVersion7(), null, null, null);
        var run = new ToolScope(_runId, "web_assistant", user, SessionScreen.Key(user), _ => ValueTask.FromResult("token"), "correlation-1");
        var screen = new SessionScreen(Sample.ReadyScreen());
        return (await new ToolContext(run, callId, screen.State, screen).WriteAsync(CancellationToken.None)).IdempotencyKey!;
    }
}

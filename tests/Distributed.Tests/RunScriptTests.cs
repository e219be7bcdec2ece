using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiPlatform.Distributed.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class RunScriptTests
{
    [Fact]
    public async Task Detach_UntilStopped_KeepsARunFileForItsOwnerAndRefusesASecondRun()
    {
        await using var script = new RunScript();

        var detached = await script.RunAsync("--detach");

        Assert.True(detached.ExitCode == 0, detached.Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(script.RunFile));
        using var run = JsonDocument.Parse(await File.ReadAllTextAsync(script.RunFile));
        using var client = new HttpClient();
        foreach (var service in (string[])["api", "documents", "chat"])
        {
            using var health = await client.GetAsync($"{UrlOf(run, service)}/health");
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }

        var connectionStrings = run.RootElement.GetProperty("connectionStrings").EnumerateObject().Select(named => named.Name);
        Assert.Equal(["redis", "mysql", "practicedb", "chatdb", "documentsdb"], connectionStrings);
        Assert.All(
            run.RootElement.GetProperty("sampleUsers").EnumerateArray(),
            user => Assert.Equal(["email", "password", "role", "practice"], user.EnumerateObject().Select(field => field.Name)));
        Assert.Equal(HttpStatusCode.OK, await AskDashboardAsync(client, run));
        var login = run.RootElement.GetProperty("dashboard").GetProperty("loginUrl").GetString()!;
        using var page = await client.GetAsync(login);
        Assert.Equal((HttpStatusCode.OK, "/"), (page.StatusCode, page.RequestMessage!.RequestUri!.PathAndQuery));
        Assert.Contains($"dashboard  {login}\nchat       {UrlOf(run, "chat")}\n", detached.Output, StringComparison.Ordinal);
        Assert.Equal(login, AddressThatF5Opens(await File.ReadAllTextAsync(script.LogFile)));

        var second = await script.RunAsync("--detach");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"pid {run.RootElement.GetProperty("pid").GetInt32()}", second.Output, StringComparison.Ordinal);

        var stopped = await script.RunAsync("--stop");

        Assert.True(stopped.ExitCode == 0, stopped.Output);
        Assert.False(File.Exists(script.RunFile));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"{UrlOf(run, "chat")}/health"));
    }

    [Fact]
    public async Task Detach_ServiceThatEnds_EndsAllAndTellsWhichAndWhy()
    {
        await using var script = new RunScript();
        var catalogue = Path.Combine(Path.GetDirectoryName(script.LogFile)!, "models.yaml");
        await File.WriteAllTextAsync(catalogue, "groups: [{ name: m }]");

        var (exitCode, output) = await script.RunAsync("--detach", $"--MODELS_CONFIG={catalogue}");

        Assert.Equal(1, exitCode);
        Assert.Contains("Stopped waiting for resource 'chat' to become healthy because it failed to start.", output, StringComparison.Ordinal);
        Assert.Contains($"The model catalogue ({catalogue}) has a fault:\n      groups[0].endpoints: must be a list of at least one endpoint.\nThe AppHost ended with exit code 1 before all was healthy.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_PlaysBothTurns_PrintsFramesAndEvidenceAndEndsWithZero()
    {
        await using var script = new RunScript();

        var (exitCode, output) = await script.RunAsync("--demo");

        Assert.True(exitCode == 0, output);
        string[] inOrder =
        [
            "all healthy", "websocket_ready", "ui_state_ack", "and show me the last session", "search_clients {", "search_sessions {", "load_session {",
            "agent_completed", "> Write a progress note from it", "tool_executing", "generate_document", "agent_completed", ", version 1", "client: ",
        ];
        var place = 0;
        foreach (var text in inOrder)
        {
            var next = output.IndexOf(text, place, StringComparison.Ordinal);
            Assert.True(next >= 0, $"'{text}' does not come where it should in: {output}");
            place = next + text.Length;
        }

        Assert.False(File.Exists(script.RunFile));
    }

    private static string UrlOf(JsonDocument run, string service) =>
        run.RootElement.GetProperty("resources").GetProperty(service).GetProperty("endpoints").GetProperty("http").GetString()!;

    // "serverReadyAction": { "action": "openExternally", "pattern": "...", "uriFormat": "%s" }
    private static string AddressThatF5Opens(string log)
    {
        using var launch = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Folder, ".vscode/launch.json")));
        var pattern = launch.RootElement.GetProperty("configurations")[0].GetProperty("serverReadyAction").GetProperty("pattern").GetString()!;
        return Regex.Match(log, pattern).Groups[1].Value;
    }

    private static async Task<HttpStatusCode> AskDashboardAsync(HttpClient client, JsonDocument run)
    {
        var dashboard = run.RootElement.GetProperty("dashboard");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{dashboard.GetProperty("url").GetString()}/api/telemetry/resources")
        {
            Headers = { { "X-API-Key", dashboard.GetProperty("token").GetString() } },
        };
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}

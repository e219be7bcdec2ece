using System.Net;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.ServiceDefaults.Tests.Http;

public sealed class ServiceClientTests
{
    [Fact]
    public async Task Send_OneAddress_FindsTheNeighbourByName()
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.Text("here"));
        await using var service = await StartAsync([neighbour.Url]);

        Assert.Equal("here", await ClientOf(service).GetStringAsync("/notes/1?a=b"));
        Assert.Equal(["GET /notes/1?a=b"], neighbour.Requests);
    }

    [Fact]
    public async Task Send_SeveralAddresses_TakesThemInTurn()
    {
        await using var first = await Neighbour.StartAsync(_ => Results.Text("first"));
        await using var second = await Neighbour.StartAsync(_ => Results.Text("second"));
        await using var service = await StartAsync([first.Url, second.Url]);

        for (var call = 0; call < 6; call++)
        {
            await ClientOf(service).GetStringAsync("/");
        }

        Assert.Equal((3, 3), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task Send_OneOfTwoReplicasGone_EveryReadReachesTheOther()
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.Text("here"));
        await using var service = await StartAsync([$"http://127.0.0.1:{FreePort.Next()}", neighbour.Url]);

        for (var call = 0; call < 6; call++)
        {
            Assert.Equal("here", await ClientOf(service).GetStringAsync("/"));
        }
    }

    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("HEAD", false, 2)]
    [InlineData("POST", true, 2)]
    [InlineData("POST", false, 1)]
    [InlineData("PUT", false, 1)]
    [InlineData("DELETE", false, 1)]
    public async Task Send_Answers503Once_IsRepeatedOnlyWhereItMayBe(string method, bool idempotencyKey, int requests)
    {
        await using var neighbour = await Neighbour.StartAsync(number => number == 1 ? Results.StatusCode(503) : Results.Text("ok"));
        await using var service = await StartAsync([neighbour.Url]);

        var response = await SendAsync(service, method, idempotencyKey);

        Assert.Equal((requests == 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, requests), (response.StatusCode, neighbour.Requests.Count));
    }

    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("POST", true, 2)]
    [InlineData("POST", false, 1)]
    public async Task Send_ConnectionLostOnce_IsRepeatedOnlyWhereItMayBe(string method, bool idempotencyKey, int requests)
    {
        await using var neighbour = await Neighbour.StartAsync(number => number == 1 ? null : Results.Text("ok"));
        await using var service = await StartAsync([neighbour.Url]);

        var failure = await Record.ExceptionAsync(() => SendAsync(service, method, idempotencyKey));

        Assert.Equal((requests == 1, requests), (failure is HttpRequestException, neighbour.Requests.Count));
    }

    [Fact]
    public async Task Send_RepeatedPost_SendsTheWholeBodyAgain()
    {
        await using var neighbour = await Neighbour.StartAsync(number => number < 3 ? Results.StatusCode(503) : Results.Text("ok"));
        await using var service = await StartAsync([neighbour.Url]);

        var response = await SendAsync(service, "POST", idempotencyKey: true);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["body", "body", "body"], neighbour.Bodies);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Send_AnswersWithAnError_IsNotRepeated(int status)
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.StatusCode(status));
        await using var service = await StartAsync([neighbour.Url]);

        Assert.Equal(status, (int)(await SendAsync(service, "GET", idempotencyKey: false)).StatusCode);
        Assert.Single(neighbour.Requests);
    }

    [Fact]
    [Trait("Spec", "T004-023")]
    public async Task Send_KeepsFailing_OpensTheBreakerAndClosesItAgain()
    {
        var time = new TestTimeProvider();
        var fails = true;
        await using var neighbour = await Neighbour.StartAsync(_ => fails ? Results.StatusCode(503) : Results.Text("ok"));
        await using var other = await Neighbour.StartAsync(_ => Results.Text("other"));
        await using var service = await StartAsync([neighbour.Url], builder => builder.Services.AddSingleton<TimeProvider>(time), other.Url);
        for (var call = 0; call < 20; call++)
        {
            await SendAsync(service, "POST", idempotencyKey: false);
        }

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(service, "POST", idempotencyKey: false));
        Assert.Equal((HttpRequestError.ConnectionError, 20), (refused.HttpRequestError, neighbour.Requests.Count));
        Assert.Equal("other", await service.Services.GetRequiredService<IHttpClientFactory>().CreateClient().GetStringAsync("http://other/"));

        fails = false;
        time.Advance(TimeSpan.FromSeconds(2));
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(service, "POST", idempotencyKey: false)).StatusCode);
        }
    }

    [Fact]
    public async Task Send_NoAnswer_TimesOutByName()
    {
        var time = new TestTimeProvider();
        var asked = new TaskCompletionSource();
        await using var neighbour = await TestService.StartAsync(app => app.MapGet("/", async (HttpContext context) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }).AllowAnonymous());
        await using var service = await StartAsync([neighbour.Url], builder => builder.Services.AddSingleton<TimeProvider>(time));
        var call = SendAsync(service, "GET", idempotencyKey: false);
        await asked.Task.WaitAsync(Eventually.Timeout);

        time.Advance(TimeSpan.FromSeconds(75));

        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    [Trait("Spec", "T004-145")]
    public async Task Send_InTheNameOfTheCaller_ForwardsTheVeryToken()
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.Text("ok"));
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/forward", (NeighbourClient client) => client.Http.GetStringAsync("/")),
            builder => builder.Services.AddServiceClient<NeighbourClient>("neighbour").AddCallerToken(),
            new() { ["services:neighbour:http:0"] = neighbour.Url });
        var token = service.IssueToken();

        Assert.Equal("ok", await (await service.GetAsync("/forward", token)).Content.ReadAsStringAsync());

        Assert.Equal([$"Bearer {token}"], neighbour.Headers("Authorization"));
    }

    [Fact]
    public async Task Send_InTheNameOfTheCallerOutsideARequest_IsABug()
    {
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Services.AddServiceClient<NeighbourClient>("neighbour").AddCallerToken());

        await Assert.ThrowsAsync<InvalidOperationException>(() => ClientOf(service).GetStringAsync("/"));
    }

    [Fact]
    public async Task Send_WithoutCallerToken_SendsNone()
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.Text("ok"));
        await using var service = await StartAsync([neighbour.Url]);

        await ClientOf(service).GetStringAsync("/");

        Assert.Equal([""], neighbour.Headers("Authorization"));
    }

    private static HttpClient ClientOf(TestService service) => service.Services.GetRequiredService<NeighbourClient>().Http;

    private static Task<HttpResponseMessage> SendAsync(TestService service, string method, bool idempotencyKey)
    {
        var request = new HttpRequestMessage(new(method), "/") { Content = method is "POST" or "PUT" ? new StringContent("body") : null };
        if (idempotencyKey)
        {
            request.Headers.Add("Idempotency-Key", "key");
        }

        return ClientOf(service).SendAsync(request);
    }

    private static Task<TestService> StartAsync(string[] addresses, Action<WebApplicationBuilder>? configure = null, string? other = null)
    {
        var settings = addresses.Select((address, number) => KeyValuePair.Create($"services:neighbour:http:{number}", (string?)address)).ToDictionary();
        settings["services:other:http:0"] = other;
        return TestService.StartAsync(
            configure: builder =>
            {
                builder.Services.AddServiceClient<NeighbourClient>("neighbour");
                configure?.Invoke(builder);
            },
            settings: settings);
    }
}

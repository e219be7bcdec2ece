using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>What a client of OpenAI gets that asks for what there is not.</summary>
public sealed class UnknownAddressTests
{
    [Fact]
    public async Task Call_OfNoRouteOrByAnotherMethod_IsToldInTheEnvelopeWithARequestId()
    {
        await using var host = await ChatHost.StartAsync();
        using var client = host.CreateClient(new TestToken());

        using var unknown = await client.GetAsync("/v1/files");
        using var other = await client.GetAsync("/v1/chat/completions");

        Assert.Equal(
            (404, """{"error":{"message":"Unknown request URL: GET /v1/files.","type":"invalid_request_error","param":null,"code":"unknown_url"}}"""),
            ((int)unknown.StatusCode, await unknown.Content.ReadAsStringAsync()));
        Assert.Equal(
            (405, """{"error":{"message":"Not allowed to GET on /v1/chat/completions.","type":"invalid_request_error","param":null,"code":"method_not_allowed"}}"""),
            ((int)other.StatusCode, await other.Content.ReadAsStringAsync()));
        Assert.All([unknown, other], static response => Assert.StartsWith("req_", response.Headers.GetValues("X-Request-Id").Single(), StringComparison.Ordinal));
    }
}

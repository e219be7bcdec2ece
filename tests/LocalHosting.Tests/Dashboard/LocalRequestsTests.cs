using System.Net;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class LocalRequestsTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    private const string Data = "/api/telemetry/resources";

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:1", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:18888", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.rebound.example:80", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.2", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.1", HttpStatusCode.MisdirectedRequest)]
    [InlineData("[::2]", HttpStatusCode.MisdirectedRequest)]
    public async Task Host_OtherThanThisMachine_IsRefused(string name, HttpStatusCode expected)
    {
        Assert.Equal(expected, await StatusAsync(HttpMethod.Get, Data, ("Host", name)));
    }

    [Theory]
    [InlineData("http://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("own", HttpStatusCode.OK)]
    public async Task Origin_OtherThanOurOwn_IsRefused(string origin, HttpStatusCode expected)
    {
        var own = host.Url.GetLeftPart(UriPartial.Authority);

        Assert.Equal(expected, await StatusAsync(HttpMethod.Get, Data, ("Origin", origin == "own" ? own : origin)));
    }

    [Theory]
    [InlineData(Data, "cross-site", "cors", "empty", HttpStatusCode.Forbidden)]
    [InlineData(Data, "same-site", "cors", "empty", HttpStatusCode.Forbidden)]
    [InlineData(Data, "cross-site", "navigate", "document", HttpStatusCode.Forbidden)]
    [InlineData(Data, "same-origin", "cors", "empty", HttpStatusCode.OK)]
    [InlineData(Data, "none", "navigate", "document", HttpStatusCode.OK)]
    [InlineData("/login", "cross-site", "navigate", "document", HttpStatusCode.OK)]
    [InlineData("/login", "cross-site", "navigate", "iframe", HttpStatusCode.Forbidden)]
    [InlineData("/login", "cross-site", "no-cors", "image", HttpStatusCode.Forbidden)]
    [InlineData("/v1/traces", "cross-site", "navigate", "document", HttpStatusCode.Forbidden)]
    public async Task FetchMetadata_OfAnotherSite_IsRefusedExceptALinkToAPage(string path, string site, string mode, string destination, HttpStatusCode expected)
    {
        Assert.Equal(expected, await StatusAsync(HttpMethod.Get, path, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination)));
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/")]
    [InlineData("/api/events")]
    [InlineData("/v1/unknown")]
    public async Task Response_OfEveryKind_HasTheSecurityHeadersAndNoCorsHeader(string path)
    {
        using var browser = host.CreateBrowser();
        using var response = await browser.GetAsync(new Uri(path, UriKind.Relative), TestHosts.InTime());

        Assert.Equal(
            ["default-src 'self'; img-src 'self' data:; style-src 'self'; frame-ancestors 'none'", "nosniff", "no-referrer", "no-store"],
            ((string[])["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"]).Select(n => response.Headers.GetValues(n).Single()));
        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var browser = host.CreateBrowser();
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("X-API-Key", host.Token);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await browser.SendAsync(request, TestHosts.InTime());
        return response.StatusCode;
    }
}

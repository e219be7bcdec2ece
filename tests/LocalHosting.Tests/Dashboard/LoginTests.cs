using System.Net;
using AiPlatform.Tests.Common;
using Aspire.Hosting.Dashboard.Access;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class LoginTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    [Fact]
    public async Task Login_RightToken_SetsACookieThatOpensPagesAndData()
    {
        using var browser = host.CreateBrowser();

        var before = await browser.GetAsync(new Uri("/api/events", UriKind.Relative), TestHosts.InTime());
        var login = await browser.GetAsync(new Uri($"/login?t={host.Token}", UriKind.Relative), TestHosts.InTime());
        var after = await browser.GetAsync(new Uri("/api/events", UriKind.Relative), TestHosts.InTime());

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Redirect, HttpStatusCode.BadRequest), (before.StatusCode, login.StatusCode, after.StatusCode));
        Assert.Equal("application/problem+json", before.Content.Headers.ContentType!.MediaType);
        Assert.Equal("/", login.Headers.Location!.OriginalString);
        Assert.Matches(
            $"^\\.AiPlatform\\.Dashboard\\.{host.Url.Port}=[0-9a-f]{{32}}; path=/; samesite=strict; httponly$", Assert.Single(login.Headers.GetValues("Set-Cookie")));
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK, "")]
    [InlineData("wrong", HttpStatusCode.Unauthorized, "That is not the token of this run.")]
    public async Task Login_WithoutTheToken_AsksForIt(string token, HttpStatusCode expected, string message)
    {
        using var browser = host.CreateBrowser();

        using var response = await browser.GetAsync(new Uri($"/login?t={token}&returnUrl=/traces", UriKind.Relative), TestHosts.InTime());

        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal((expected, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Contains("""<input type="hidden" name="returnUrl" value="/traces">""", page, StringComparison.Ordinal);
        Assert.Contains($"""<p id="message" role="alert">{message}</p>""", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/structuredlogs?text=a%20b&level=Error", "/structuredlogs?text=a%20b&level=Error")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    [InlineData("/\t/elsewhere.example/", "/")]
    [InlineData("/a\r\nSet-Cookie: b=c", "/")]
    [InlineData("traces", "/")]
    public async Task Login_ReturnUrl_LeadsToALocalPathOnly(string returnUrl, string expected)
    {
        using var browser = host.CreateBrowser();

        using var response = await browser.GetAsync(new Uri($"/login?t={host.Token}&returnUrl={Uri.EscapeDataString(returnUrl)}", UriKind.Relative), TestHosts.InTime());

        Assert.Equal((HttpStatusCode.Redirect, expected), (response.StatusCode, response.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Login_ReturnUrlWithMarkup_IsShownAsText()
    {
        using var browser = host.CreateBrowser();

        var page = await browser.GetStringAsync(new Uri("/login?returnUrl=" + Uri.EscapeDataString("/\"><script>alert(1)</script>"), UriKind.Relative), TestHosts.InTime());

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithoutCookie_LeadsToTheLoginAndBack()
    {
        using var browser = host.CreateBrowser();

        using var response = await browser.GetAsync(new Uri("/structuredlogs?text=a%20b", UriKind.Relative), TestHosts.InTime());

        Assert.Equal(
            (HttpStatusCode.Redirect, "/login?returnUrl=%2Fstructuredlogs%3Ftext%3Da%2520b"), (response.StatusCode, response.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Cookie_OfAnotherRun_OpensNothing()
    {
        using var browser = host.CreateBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/telemetry/resources", UriKind.Relative));
        request.Headers.Add("Cookie", $".AiPlatform.Dashboard.{host.Url.Port}=00112233445566778899aabbccddeeff");

        using var response = await browser.SendAsync(request, TestHosts.InTime());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/api/telemetry/resources", HttpStatusCode.OK)]
    [InlineData("/api/events", HttpStatusCode.Unauthorized)]
    [InlineData("/traces", HttpStatusCode.Redirect)]
    public async Task ApiKey_BrowserToken_OpensTheTelemetryApiOnly(string path, HttpStatusCode expected)
    {
        using var client = host.CreateBrowser();
        client.DefaultRequestHeaders.Add("X-API-Key", host.Token);

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestHosts.InTime());

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Login_TooManyFailures_RefusesTheRightTokenToo()
    {
        var ownHost = await DashboardHost.StartAsync();
        try
        {
            using var browser = ownHost.CreateBrowser();
            for (var i = 0; i < LoginAttempts.MaxFailures; i++)
            {
                using var failed = await browser.GetAsync(new Uri($"/login?t=wrong{i}", UriKind.Relative), TestHosts.InTime());
                Assert.Equal(HttpStatusCode.Unauthorized, failed.StatusCode);
            }

            using var response = await browser.GetAsync(new Uri($"/login?t={ownHost.Token}", UriKind.Relative), TestHosts.InTime());

            Assert.Equal((HttpStatusCode.TooManyRequests, false), (response.StatusCode, response.Headers.Contains("Set-Cookie")));
        }
        finally
        {
            await ownHost.DisposeAsync();
        }
    }

    [Fact]
    public void Attempts_MinuteAfterTheOldestFailure_AreLookedAtAgain()
    {
        var time = new TestTimeProvider();
        var attempts = new LoginAttempts(time);
        for (var i = 0; i < LoginAttempts.MaxFailures; i++)
        {
            attempts.Try(() => false);
        }

        time.Advance(TimeSpan.FromSeconds(59));
        var locked = attempts.Try(() => true);
        time.Advance(TimeSpan.FromSeconds(1));
        var open = attempts.Try(() => true);

        Assert.Equal((null, (bool?)true), (locked, open));
    }

    [Fact]
    public void Log_OfTheStart_HasTheTokenInTheLoginLinkOnly()
    {
        Assert.Equal($"Information: Login to the dashboard at http://localhost:{host.Url.Port}/login?t={host.Token}", Assert.Single(host.Log, l => l.Contains(host.Token, StringComparison.Ordinal)));
    }
}

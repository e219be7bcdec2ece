using System.Net;
using System.Net.Http.Headers;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class SiteTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/consolelogs")]
    [InlineData("/consolelogs/resource/api")]
    [InlineData("/structuredlogs")]
    [InlineData("/structuredlogs/resource/api")]
    [InlineData("/traces")]
    [InlineData("/traces/resource/api")]
    [InlineData("/traces/detail/0102030405060708090a0b0c0d0e0f10")]
    [InlineData("/metrics")]
    [InlineData("/metrics/resource/api")]
    public async Task Page_LoggedIn_IsTheOneDocument(string path)
    {
        using var browser = await host.LogInAsync();

        using var page = await GetAsync(browser, path);

        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (page.StatusCode, page.Content.Headers.ContentType!.ToString()));
        Assert.Contains("<script type=\"module\" src=\"/app.js\">", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/js/api.js", "text/javascript; charset=utf-8")]
    [InlineData("/css/tokens.css", "text/css; charset=utf-8")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    [InlineData("/vendor/lit-html/LICENSE", "text/plain; charset=utf-8")]
    public async Task File_AskedForAgain_IsNotSentAgain(string path, string type)
    {
        using var browser = await host.LogInAsync();

        using var first = await GetAsync(browser, path);
        using var again = await GetAsync(browser, path, first.Headers.ETag);
        using var changed = await GetAsync(browser, path, new EntityTagHeaderValue("\"of-another-build\""));

        Assert.Equal((HttpStatusCode.OK, type, "no-cache"), (first.StatusCode, first.Content.Headers.ContentType!.ToString(), first.Headers.CacheControl!.ToString()));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.StatusCode, await again.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Theory]
    [InlineData("/js/nothing.js")]
    [InlineData("/index.html")]
    [InlineData("/js/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/traces/detail")]
    public async Task Path_OfNothing_IsNotFound(string path)
    {
        using var browser = await host.LogInAsync();

        using var response = await GetAsync(browser, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/nothing", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8")]
    [InlineData("/index.html", "text/html,*/*;q=0.8", "text/html; charset=utf-8")]
    [InlineData("/js/nothing.js", "*/*", "application/problem+json")]
    [InlineData("/nothing", "application/json", "application/problem+json")]
    [InlineData("/nothing", null, "application/problem+json")]
    [InlineData("/api/nothing", "text/html,*/*;q=0.8", "application/problem+json")]
    [InlineData("/api/traces/0102030405060708090a0b0c0d0e0f10", "text/html,*/*;q=0.8", "application/problem+json")]
    [InlineData("/v1/nothing", "text/html,*/*;q=0.8", "application/problem+json")]
    public async Task Path_OfNothing_IsAPageForWhoAsksForOne(string path, string? accept, string type)
    {
        using var browser = await host.LogInAsync();
        browser.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        using var document = await GetAsync(browser, "/");

        using var response = await GetAsync(browser, path);

        Assert.Equal((HttpStatusCode.NotFound, type), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        var (body, page) = (await response.Content.ReadAsStringAsync(), await document.Content.ReadAsStringAsync());
        Assert.Equal(type.StartsWith("text/html", StringComparison.Ordinal), body == page);
    }

    [Fact]
    public async Task Document_Whole_HasNoScriptOrStyleOfItsOwn()
    {
        using var browser = await host.LogInAsync();

        var page = await browser.GetStringAsync(new Uri("/", UriKind.Relative), TestHosts.InTime());

        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?! [^>]*src=)", page);
    }

    [Fact]
    public async Task File_WithoutLogin_IsNotShown()
    {
        using var browser = host.CreateBrowser();

        using var response = await GetAsync(browser, "/app.js");

        Assert.Equal((HttpStatusCode.Redirect, "/login?returnUrl=%2Fapp.js"), (response.StatusCode, response.Headers.Location!.ToString()));
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient browser, string path, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await browser.SendAsync(request, TestHosts.InTime());
    }
}

using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Net;
using System.Text;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.ServiceDefaults.Tests.Errors;

public sealed class ErrorsTests
{
    [Theory]
    [InlineData(DomainErrorKind.Invalid, 400)]
    [InlineData(DomainErrorKind.Unauthorized, 401)]
    [InlineData(DomainErrorKind.Forbidden, 403)]
    [InlineData(DomainErrorKind.NotFound, 404)]
    [InlineData(DomainErrorKind.NotAcceptable, 406)]
    [InlineData(DomainErrorKind.Conflict, 409)]
    [InlineData(DomainErrorKind.Gone, 410)]
    [InlineData(DomainErrorKind.TooLarge, 413)]
    [InlineData(DomainErrorKind.Unprocessable, 422)]
    [InlineData(DomainErrorKind.RateLimited, 429)]
    [InlineData(DomainErrorKind.Upstream, 502)]
    [InlineData(DomainErrorKind.Unavailable, 503)]
    [InlineData(DomainErrorKind.Timeout, 504)]
    public async Task Throw_DomainException_BecomesItsStatusAndCode(DomainErrorKind kind, int status)
    {
        await using var service = await StartAsync(() => throw new DomainException(kind, "note.reason", "Said to people."));

        var response = await service.GetAsync("/throw", service.IssueToken());

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("""{"code":"note.reason","detail":"Said to people."}""", await TestService.ReadProblemAsync(response));
    }

    [Fact]
    public async Task Throw_WithFieldErrors_ListsThemInOrder()
    {
        await using var service = await StartAsync(() => throw new DomainException(DomainErrorKind.Invalid, "session.import_invalid", "Two rows are wrong.")
        {
            Errors = [new("start", "Not a time.", "start.malformed", 3), new("text", "Empty.")],
        });

        var response = await service.GetAsync("/throw", service.IssueToken());

        Assert.Equal(
            """{"code":"session.import_invalid","detail":"Two rows are wrong.","errors":[{"field":"start","message":"Not a time.","code":"start.malformed","line":3},{"field":"text","message":"Empty.","code":null,"line":null}]}""",
            await TestService.ReadProblemAsync(response));
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("text/csv")]
    [InlineData("application/json;q=0.5, */*")]
    public async Task Throw_CallerAcceptsSomethingElse_StillGetsTheProblem(string accept)
    {
        await using var service = await StartAsync(() => throw new DomainException(DomainErrorKind.NotFound, "note.not_found", "There is no such note."));

        var response = await service.GetAsync("/throw", service.IssueToken(), headers => headers.Accept.ParseAdd(accept));
        var refused = await service.GetAsync("/throw", headers: headers => headers.Accept.ParseAdd(accept));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("""{"code":"note.not_found","detail":"There is no such note."}""", await TestService.ReadProblemAsync(response));
        Assert.Equal("""{"code":"auth.required","detail":"An access token is needed."}""", await TestService.ReadProblemAsync(refused));
    }

    [Fact]
    public async Task Throw_Unexpected_SaysNothingOfIt()
    {
        await using var service = await StartAsync(() => throw new InvalidOperationException("client Ann Example"));

        var response = await service.GetAsync("/throw", service.IssueToken());

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("""{"code":"server.error"}""", await TestService.ReadProblemAsync(response));
    }

    [Fact]
    [Trait("Spec", "T001-459")]
    public async Task Throw_DatabaseUnavailable_IsServiceUnavailableWithCode()
    {
        await using var service = await StartAsync(() => throw new DatabaseUnavailableException("The database could not be reached."));

        var response = await service.GetAsync("/throw", service.IssueToken());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"code":"database.unavailable","detail":"The database could not be reached."}""", await TestService.ReadProblemAsync(response));
    }

    [Fact]
    public async Task Throw_RedisUnavailable_IsServiceUnavailableWithCode()
    {
        await using var service = await StartAsync(() => throw new RedisUnavailableException("Redis could not be reached."));

        var response = await service.GetAsync("/throw", service.IssueToken());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"code":"redis.unavailable","detail":"Redis could not be reached."}""", await TestService.ReadProblemAsync(response));
    }

    [Fact]
    public async Task Throw_AfterTheCallerSentItsTrace_AnswersWithThatTraceAndCorrelation()
    {
        await using var service = await StartAsync(() => throw new DomainException(DomainErrorKind.Conflict, "note.taken", "Taken."));
        var trace = ActivityTraceId.CreateRandom().ToHexString();

        var response = await service.GetAsync("/throw", service.IssueToken(), headers =>
        {
            headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
            headers.Add(Correlation.Header, "case-7");
        });

        Assert.Contains($"\"traceId\":\"{trace}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["case-7"], response.Headers.GetValues(Correlation.Header));
    }

    [Theory]
    [InlineData("{", "application/json", 400, "request.malformed")]
    [InlineData("""{"text":5}""", "application/json", 400, "request.malformed")]
    [InlineData("", "application/json", 400, "request.malformed")]
    [InlineData("text=x", "text/plain", 415, "request.unsupported_media_type")]
    public async Task Post_BodyNotReadable_IsRefusedWithCode(string body, string type, int status, string code)
    {
        await using var service = await StartAsync(() => { });

        var response = await service.SendAsync(HttpMethod.Post, "/notes", service.IssueToken(), new StringContent(body, Encoding.UTF8, type));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await TestService.ReadProblemAsync(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/search?text=a&limit=abc", "request.malformed", """[{"field":"limit","message":"The value is of another kind.","code":"value.malformed","line":null}]""")]
    [InlineData("/search?text=a&limit=99999999999", "request.malformed", """[{"field":"limit","message":"The value is of another kind.","code":"value.malformed","line":null}]""")]
    [InlineData("/search?text=a&from=\" limit\" from \"", "request.malformed", """[{"field":"from","message":"The value is of another kind.","code":"value.malformed","line":null}]""")]
    [InlineData("/search", "request.malformed", """[{"field":"text","message":"A value is needed.","code":"value.required","line":null}]""")]
    [InlineData("/search?text=", "request.invalid", """[{"field":"text","message":"A value is needed.","code":"value.required","line":null}]""")]
    [InlineData("/search?text=abcdef", "request.invalid", """[{"field":"text","message":"At most 5 characters.","code":"text.too_long","line":null}]""")]
    [InlineData("/search?text=a&limit=0", "request.invalid", """[{"field":"limit","message":"From 1 to 9.","code":"number.out_of_range","line":null}]""")]
    [InlineData("/search?text=a&sort=down", "request.invalid", """[{"field":"sort","message":"One of newest, oldest.","code":"value.unknown","line":null}]""")]
    public async Task Get_ParameterNotAsItShouldBe_NamesItWithCode(string path, string code, string errors)
    {
        await using var service = await StartAsync(() => { });

        var response = await service.GetAsync(path, service.IssueToken());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await TestService.ReadProblemAsync(response);
        Assert.Contains($"\"code\":\"{code}\"", problem, StringComparison.Ordinal);
        Assert.Contains($"\"errors\":{errors}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HeaderNotAsItShouldBe_NamesItAsTheWireDoes()
    {
        await using var service = await StartAsync(() => { });

        var response = await service.GetAsync("/search?text=a", service.IssueToken(), headers => headers.Add("X-Page", "many"));

        Assert.Contains(
            ""","errors":[{"field":"X-Page","message":"The value is of another kind.","code":"value.malformed","line":null}]""",
            await TestService.ReadProblemAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_MemberOfAnotherKind_NamesIt()
    {
        await using var service = await StartAsync(() => { });

        var response = await service.SendAsync(
            HttpMethod.Post, "/notes", service.IssueToken(), new StringContent("""{"text":5}""", Encoding.UTF8, "application/json"));

        Assert.Contains(
            ""","errors":[{"field":"text","message":"Unknown, or of another kind.","code":"request.member_invalid","line":null}]""",
            await TestService.ReadProblemAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_MemberPastItsBounds_NamesItAsTheWireDoes()
    {
        await using var service = await StartAsync(() => { });

        var response = await service.SendAsync(
            HttpMethod.Post, "/pages", service.IssueToken(), new StringContent("""{"pageCount":0}""", Encoding.UTF8, "application/json"));

        Assert.Contains(
            ""","errors":[{"field":"pageCount","message":"The field PageCount must be between 1 and 9.","code":"value.invalid","line":null}]""",
            await TestService.ReadProblemAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throw_WithTimeToWait_SaysRetryAfterInWholeSeconds()
    {
        await using var service = await StartAsync(() => throw new DomainException(DomainErrorKind.RateLimited, "note.too_many", "Wait.")
        {
            RetryAfter = TimeSpan.FromSeconds(1.2),
        });

        var response = await service.GetAsync("/throw", service.IssueToken());

        Assert.Equal(["2"], response.Headers.GetValues("Retry-After"));
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, """{"code":"resource.not_found"}""")]
    [InlineData("GET", "/missing", 404, """{"code":"resource.not_found"}""")]
    [InlineData("DELETE", "/notes", 405, """{"code":"request.method_not_allowed"}""")]
    [InlineData("GET", "/numbers/x", 404, """{"code":"resource.not_found"}""")]
    public async Task Call_NothingThere_IsAProblemToo(string method, string path, int status, string problem)
    {
        await using var service = await StartAsync(() => { });

        var response = await service.SendAsync(new(method), path, service.IssueToken());

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(problem, await TestService.ReadProblemAsync(response));
    }

    [Fact]
    public async Task Call_UnknownRouteWithoutToken_TellsNothing()
    {
        await using var service = await StartAsync(() => { });

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/nowhere")).StatusCode);
    }

    [Fact]
    public async Task Call_HandlerWroteItsOwnError_KeepsIt()
    {
        await using var service = await StartAsync(() => { });

        var response = await service.GetAsync("/own-error", service.IssueToken());

        Assert.Equal((HttpStatusCode.BadGateway, """{"error":"own"}"""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private static Task<TestService> StartAsync(Action act) => TestService.StartAsync(configure: builder => builder.Services.AddValidation(), map: app =>
    {
        app.MapGet("/throw", act);
        app.MapPost("/notes", (Note note) => TypedResults.Ok(note));
        app.MapPost("/pages", (Page page) => TypedResults.Ok(page));
        app.MapGet("/search", Search);
        app.MapGet("/missing", () => TypedResults.NotFound());
        app.MapGet("/numbers/{number:int}", (int number) => TypedResults.Ok(number));
        app.MapGet("/own-error", () => TypedResults.Json(new { error = "own" }, statusCode: 502));
    });

    private static NoContent Search(
        [Required, StringLength(5)] string text,
        [Range(1, 9)] int? limit,
        DateTimeOffset? from,
        [AllowedValues(null, "newest", "oldest")] string? sort,
        [FromHeader(Name = "X-Page")] int? page) => TypedResults.NoContent();

    private sealed record Note(string Text);
}

// Where the generator of the validation sees it.
public sealed record Page([property: Range(1, 9)] int PageCount);

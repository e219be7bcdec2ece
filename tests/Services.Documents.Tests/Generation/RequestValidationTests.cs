using System.Net;

namespace AiPlatform.Services.Documents.Tests.Generation;

[Collection(DocumentsFixture.Collection)]
public sealed class RequestValidationTests(DocumentsFixture fixture)
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"template":{"content":"## A"}}""")]
    [InlineData("""{"template":{"content":"## A"},"sessionIds":[]}""")]
    [InlineData("""{"template":{"content":"## A"},"sessionIds":["nonsense"]}""")]
    [InlineData("""{"template":null,"sessionIds":["0a000000-0000-7000-8000-000000000001"]}""")]
    [InlineData("""{"template":{},"sessionIds":["0a000000-0000-7000-8000-000000000001"]}""")]
    [InlineData("""{"template":{"content":"## {{x}}"},"sessionIds":["0a000000-0000-7000-8000-000000000001"]}""")]
    [InlineData("""{"template":{"content":" "},"sessionIds":["0a000000-0000-7000-8000-000000000001"]}""")]
    [InlineData("")]
    public async Task Generate_BadBody_IsABadRequest(string body)
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var response = await http.PostAsync("/api/v1/documents/generate", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Generate_TooMuch_IsABadRequest()
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());
        var template = new { content = "## A" };
        var session = Guid.CreateVersion7();

        Assert.Equal(HttpStatusCode.BadRequest, (await http.GenerateAsync(new { template, sessionIds = Enumerable.Range(0, 21).Select(_ => session) })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GenerateAsync(new { template, sessionIds = new[] { session }, instructions = new string('x', 4_001) })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GenerateAsync(new { template, sessionIds = new[] { session }, documentName = new string('x', 201) })).StatusCode);
    }

    [Fact]
    public async Task Generate_UnknownTemplate_IsNotFound()
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());

        await (await http.GenerateAsync(new { template = new { id = Guid.CreateVersion7() }, sessionIds = new[] { Guid.CreateVersion7() } }))
            .AssertProblemAsync(404, "template.not_found");
    }
}

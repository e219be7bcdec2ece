using System.Text;
using AiPlatform.Services.Api.Fhir;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Tests.Fhir;

public sealed class FhirProblemWriterTests
{
    [Theory]
    [InlineData(400, "error", "invalid")]
    [InlineData(403, "error", "forbidden")]
    [InlineData(410, "error", "deleted")]
    [InlineData(412, "error", "conflict")]
    [InlineData(413, "error", "too-long")]
    [InlineData(422, "error", "processing")]
    [InlineData(429, "error", "throttled")]
    [InlineData(500, "fatal", "exception")]
    [InlineData(503, "error", "transient")]
    [InlineData(504, "error", "timeout")]
    public async Task Write_AnyStatus_IsAnIssueOfItsType(int status, string severity, string type)
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Path = "/fhir/Patient" }, Response = { Body = body } };
        var writer = new FhirProblemWriter(Options.Create(new ProblemDetailsOptions()));

        await writer.WriteAsync(new()
        {
            HttpContext = context,
            ProblemDetails = new ProblemDetails { Status = status, Detail = "Said to people.", Extensions = { ["code"] = "note.reason", ["traceId"] = "0f" } },
        });

        Assert.Equal(
            $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"{{severity}}","code":"{{type}}","details":{"coding":[{"system":"urn:aiplatform:error-code","code":"note.reason"}],"text":"Said to people."},"diagnostics":"trace 0f"}]}""",
            Encoding.UTF8.GetString(body.ToArray()));
        Assert.Equal((status, "application/fhir+json"), (context.Response.StatusCode, context.Response.ContentType));
    }

    [Theory]
    [InlineData("/fhir/Patient", true)]
    [InlineData("/fhir", true)]
    [InlineData("/fhirs", false)]
    [InlineData("/api/v1/clients", false)]
    public void CanWrite_OnlyUnderFhir(string path, bool expected) => Assert.Equal(
        expected,
        new FhirProblemWriter(Options.Create(new ProblemDetailsOptions())).CanWrite(
            new() { HttpContext = new DefaultHttpContext { Request = { Path = path } } }));
}

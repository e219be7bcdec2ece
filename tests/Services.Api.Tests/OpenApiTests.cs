namespace AiPlatform.Services.Api.Tests;

public sealed class OpenApiTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Document_InDevelopment_NamesEveryRoute()
    {
        var document = await factory.CreateClient().GetJsonAsync("/openapi/v1.json");

        Assert.Equal(
            [
                "/.well-known/jwks.json", "/.well-known/openid-configuration", "/api/v1/audit/events", "/api/v1/audit/verify", "/api/v1/auth/login",
                "/api/v1/auth/refresh", "/api/v1/clients",
                "/api/v1/clients/search", "/api/v1/clients/{id}", "/api/v1/clients/{id}/homework", "/api/v1/clients/{id}/mood",
                "/api/v1/clients/{id}/summary", "/api/v1/clinic", "/api/v1/clinic/locations", "/api/v1/clinic/locations/{id}",
                "/api/v1/homework/assignments/{id}",
                "/api/v1/homework/assignments/{id}/results", "/api/v1/homework/results/{id}", "/api/v1/homework/results/{id}/feedback",
                "/api/v1/me", "/api/v1/me/mood",
                "/api/v1/practitioners", "/api/v1/practitioners/{id}", "/api/v1/sample-users", "/api/v1/sessions/import", "/api/v1/sessions/search", "/api/v1/sessions/{id}",
                "/api/v1/violations", "/api/v1/violations/{id}",
                "/connect/token", "/fhir/Encounter", "/fhir/Encounter/{id}", "/fhir/Patient", "/fhir/Patient/{id}", "/fhir/Practitioner",
                "/fhir/Practitioner/{id}", "/fhir/metadata",
            ],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name.TrimEnd('/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_OfAWrite_NamesItsBodyAndHeaders()
    {
        var document = await factory.CreateClient().GetJsonAsync("/openapi/v1.json");
        var assign = document.GetProperty("paths").GetProperty("/api/v1/clients/{id}/homework").GetProperty("post");

        Assert.Equal(["id", "Idempotency-Key"], assign.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!));
        Assert.Equal(
            "#/components/schemas/AssignHomeworkRequest",
            assign.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString());
    }
}

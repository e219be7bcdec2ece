using System.Net;

namespace AiPlatform.Services.Api.Tests.Fhir;

/// <summary>Who may see what, as in the native routes.</summary>
public sealed class FhirAccessTests(FhirFactory factory) : IClassFixture<FhirFactory>
{
    [Theory]
    [InlineData($"Patient/{FhirFactory.Maya}", "client.not_found")]
    [InlineData($"Practitioner/{FhirFactory.Nora}", "practitioner.not_found")]
    [InlineData($"Encounter/{FhirFactory.MayasSession}", "session.not_found")]
    public async Task Read_OtherPractice_NotFound(string path, string code)
    {
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        await (await helen.GetAsync($"/fhir/{path}")).AssertOutcomeAsync(HttpStatusCode.NotFound, $"error not-found {code}");
    }

    [Theory]
    [InlineData($"Patient?_id={FhirFactory.Maya}")]
    [InlineData($"Practitioner?_id={FhirFactory.Nora}")]
    [InlineData($"Encounter?_id={FhirFactory.MayasSession}")]
    [InlineData($"Encounter?patient={FhirFactory.Maya}")]
    public async Task Search_OtherPractice_FindsNothing(string path)
    {
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        var found = await helen.GetJsonAsync($"/fhir/{path}");
        var counted = await helen.GetJsonAsync($"/fhir/{path}&_count=0");

        Assert.Equal((0, 0, 0), (found.Ids().Count(), found.GetProperty("total").GetInt32(), counted.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Client_AnySearchOrRead_OnlyThemself()
    {
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        Assert.Equal([FhirFactory.Maya], (await maya.GetJsonAsync("/fhir/Patient")).Ids());
        Assert.Equal(4, (await maya.GetJsonAsync("/fhir/Encounter?_count=0")).GetProperty("total").GetInt32());
        Assert.Empty((await maya.GetJsonAsync($"/fhir/Encounter?patient={FhirFactory.Tom}")).Ids());
        Assert.Empty((await maya.GetJsonAsync($"/fhir/Patient?_id={FhirFactory.Tom}")).Ids());
        Assert.Equal(HttpStatusCode.OK, (await maya.GetAsync($"/fhir/Patient/{FhirFactory.Maya}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await maya.GetAsync($"/fhir/Encounter/{FhirFactory.MayasSession}")).StatusCode);
        await (await maya.GetAsync($"/fhir/Patient/{FhirFactory.Tom}")).AssertOutcomeAsync(HttpStatusCode.NotFound, "error not-found client.not_found");
        await (await maya.GetAsync($"/fhir/Encounter/{FhirFactory.TomsSession}")).AssertOutcomeAsync(HttpStatusCode.NotFound, "error not-found session.not_found");
    }

    [Fact]
    public async Task Reception_Everybody_NothingThatWasSaid()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);

        var patients = await reception.GetJsonAsync("/fhir/Patient");
        var encounters = await reception.GetJsonAsync("/fhir/Encounter");

        Assert.Equal((14, 41), (patients.Ids().Count(), encounters.Ids().Count()));
        Assert.DoesNotContain("Intake", encounters.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("zopiclone", patients.GetRawText(), StringComparison.Ordinal);
    }
}

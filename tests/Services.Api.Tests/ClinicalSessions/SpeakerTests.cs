using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions;

public sealed class SpeakerTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Get_ASessionWithSpeakers_LabelRoleSegmentsAndShareOfTheWords()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.ImportSessionAsync(
            ApiFactory.TomOkafor, "Three voices",
            "Counsellor: How are you today?", "client: Tired, and rather glad to be here.", "Interpreter: He says he is tired.", "client: Yes.");

        var without = await nora.GetJsonAsync($"/api/v1/sessions/{id}");
        var with = await nora.GetJsonAsync($"/api/v1/sessions/{id}?includeSegments=true");

        Assert.Equal(
            """
            [{"label":"therapist","role":"therapist","segments":1,"words":4,"speakingShare":0.235},
             {"label":"client","role":"client","segments":2,"words":8,"speakingShare":0.471},
             {"label":"Interpreter","role":"other","segments":1,"words":5,"speakingShare":0.294}]
            """,
            without.GetProperty("speakers").GetRawText(),
            SameJson.Comparer);
        Assert.Equal(without.GetProperty("speakers").GetRawText(), with.GetProperty("speakers").GetRawText());
    }

    [Fact]
    public async Task Get_BySomebodyWhoReadsNoTranscriptsOrWithoutOne_NoSpeakers()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        var unrecorded = await nora.CreateSessionAsync(ApiFactory.TomOkafor, "unrecorded", "2026-11-20T10:00:00Z");

        Assert.False((await reception.GetJsonAsync("/api/v1/sessions/0a000000-0000-7000-8000-000000040101")).TryGetProperty("speakers", out JsonElement _));
        Assert.False((await nora.GetJsonAsync($"/api/v1/sessions/{unrecorded}")).TryGetProperty("speakers", out JsonElement _));
        Assert.Equal(0, (await nora.GetJsonAsync($"/api/v1/sessions/{unrecorded}?includeSegments=true")).GetProperty("segments").GetArrayLength());
    }
}

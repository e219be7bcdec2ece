using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Data.Sample;

/// <summary>The invented practices, read from the files embedded beside this one.</summary>
internal sealed record SampleData(
    SamplePeople People, IReadOnlyList<SampleSession> Sessions, SampleHomework Homework, IReadOnlyList<SampleViolation> Violations,
    IReadOnlyList<SampleReport> Reports, IReadOnlyList<SampleConsent> Consents, string Fingerprint)
{
    public static SampleData Read()
    {
        var people = ReadFile("people.json");
        var sessions = ReadFile("sessions.json");
        var homework = ReadFile("homework.json");
        var violations = ReadFile("violations.json");
        var reports = ReadFile("reports.json");
        var consents = ReadFile("consents.json");
        return new(
            JsonSerializer.Deserialize(people, SampleJsonContext.Default.SamplePeople)!,
            JsonSerializer.Deserialize(sessions, SampleJsonContext.Default.IReadOnlyListSampleSession)!,
            JsonSerializer.Deserialize(homework, SampleJsonContext.Default.SampleHomework)!,
            JsonSerializer.Deserialize(violations, SampleJsonContext.Default.IReadOnlyListSampleViolation)!,
            JsonSerializer.Deserialize(reports, SampleJsonContext.Default.IReadOnlyListSampleReport)!,
            JsonSerializer.Deserialize(consents, SampleJsonContext.Default.IReadOnlyListSampleConsent)!,
            Convert.ToHexStringLower(SHA256.HashData([.. people, .. sessions, .. homework, .. violations, .. reports, .. consents])));
    }

    public static SamplePeople ReadPeople() => JsonSerializer.Deserialize(ReadFile("people.json"), SampleJsonContext.Default.SamplePeople)!;

    private static byte[] ReadFile(string name)
    {
        using var stream = typeof(SampleData).Assembly.GetManifestResourceStream(typeof(SampleData), name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

internal sealed record SamplePeople(
    IReadOnlyList<SamplePractice> Practices, IReadOnlyList<SamplePractitioner> Practitioners,
    IReadOnlyList<SampleUser> Users, IReadOnlyList<SampleClient> Clients, IReadOnlyList<SampleCareRelation> CareRelations);

internal sealed record SamplePractice(
    Guid Id, string Name, string OwnerName, string Email, string Phone, string TimeZone, int? SessionFeeMinor, string? Currency,
    IReadOnlyList<SampleContact> Contacts, IReadOnlyList<SampleLocation> Locations);

internal sealed record SampleContact(string Kind, string Name, string Email, string Phone);

internal sealed record SampleLocation(Guid Id, string Name, string Street, string City, string Postcode, string Country);

internal sealed record SamplePractitioner(
    Guid Id, Guid PracticeId, string Name, string Title, string Email, string Phone, IReadOnlyList<string> Specialities, int? SessionFeeMinor,
    bool Active);

/// <param name="PasswordHash">Of <paramref name="Password"/>, made beforehand: hashing them all would double the start of the service.</param>
internal sealed record SampleUser(
    Guid Id, Guid PracticeId, string Email, string Password, string PasswordHash, string Role, string DisplayName,
    Guid? ProfileId, Guid? ClientId, string? CustomerId);

internal sealed record SampleClient(
    Guid Id, Guid PracticeId, Guid PractitionerId, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email,
    string Phone, DateOnly StartedAt, string PresentingConcerns, IReadOnlyList<string> Goals, string Notes);

internal sealed record SampleCareRelation(Guid Id, Guid ClientId, Guid PractitionerId, string Kind, DateOnly StartedOn, DateOnly? EndedOn);

internal sealed record SampleSession(
    Guid Id, Guid ClientId, string Title, DateTimeOffset StartedAt, int DurationSeconds, double AverageConfidence,
    IReadOnlyList<SampleSegment> Segments);

internal sealed record SampleSegment(string Speaker, int StartMs, string Text);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SamplePeople))]
[JsonSerializable(typeof(IReadOnlyList<SampleSession>))]
[JsonSerializable(typeof(SampleHomework))]
[JsonSerializable(typeof(IReadOnlyList<SampleViolation>))]
[JsonSerializable(typeof(IReadOnlyList<SampleReport>))]
[JsonSerializable(typeof(IReadOnlyList<SampleConsent>))]
internal sealed partial class SampleJsonContext : JsonSerializerContext;

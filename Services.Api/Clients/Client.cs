namespace AiPlatform.Services.Api.Clients;

/// <summary>Who is treated.</summary>
internal sealed record Client(
    Guid Id, Guid PractitionerId, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone,
    DateOnly StartedAt, string PresentingConcerns, IReadOnlyList<string> Goals, string Notes);

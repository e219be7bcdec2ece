using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Mood;

internal static class MoodEndpoints
{
    private const int DefaultDays = 14;
    private const int DefaultLimit = 50;

    public static RouteGroupBuilder MapClientMood(this RouteGroupBuilder group)
    {
        group.WithTags("Mood");
        group.MapGet("/{id:guid}/mood", ReadAsync).WithName("GetClientMood")
            .WithProblems(403, "mood.forbidden")
            .WithProblems(404, "client.not_found");
        return group;
    }

    public static RouteGroupBuilder MapMyMood(this RouteGroupBuilder group)
    {
        group.WithTags("Mood");
        group.MapGet("/", ReadMineAsync).WithName("GetMyMood")
            .WithProblems(403, "mood.clients_only")
            .WithProblems(404, "client.not_found");
        group.MapPost("/", RecordAsync).WithName("RecordMyMood")
            .WithProblems(400, "mood.invalid")
            .WithProblems(403, "mood.clients_only")
            .WithProblems(404, "client.not_found");
        return group;
    }

    /// <summary>Shows how a client said they are, the newest first, and where it goes.</summary>
    /// <param name="days" example="14">How many days back; 14 when absent.</param>
    internal static async Task<Ok<MoodProfileResponse>> ReadAsync(
        Guid id,
        MoodService moods,
        CurrentUser user,
        [Range(1, 366)] int? days,
        [Range(1, 200)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await moods.ReadAsync(
            user, id, days ?? DefaultDays, TimeCursor.Parse(cursor), limit ?? DefaultLimit, cancellationToken));

    /// <summary>Shows a client their own moods, the newest first, and where they go.</summary>
    /// <param name="days" example="14">How many days back; 14 when absent.</param>
    internal static async Task<Ok<MoodProfileResponse>> ReadMineAsync(
        MoodService moods,
        CurrentUser user,
        [Range(1, 366)] int? days,
        [Range(1, 200)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await moods.ReadAsync(
            user, MoodService.OwnClientId(user), days ?? DefaultDays, TimeCursor.Parse(cursor), limit ?? DefaultLimit, cancellationToken));

    /// <summary>Records how the client who is signed in is.</summary>
    internal static async Task<Results<Created<MoodEntryResponse>, Ok<MoodEntryResponse>>> RecordAsync(
        MoodService moods,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<RecordMoodRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        MoodService.OwnClientId(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (entry, created) = await moods.RecordAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(created, location: null, version: null, MoodService.ToResponse(entry));
    }
}

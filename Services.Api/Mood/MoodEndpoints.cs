using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Http;
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
        group.MapGet("/{id:guid}/mood", ReadAsync).WithName("GetClientMood");
        return group;
    }

    public static RouteGroupBuilder MapMyMood(this RouteGroupBuilder group)
    {
        group.WithTags("Mood");
        group.MapGet("/", ReadMineAsync).WithName("GetMyMood");
        group.MapPost("/", RecordAsync).WithName("RecordMyMood");
        return group;
    }

    private static async Task<Ok<MoodProfileResponse>> ReadAsync(
        Guid id,
        MoodService moods,
        CurrentUser user,
        [Range(1, 366)] int? days,
        [Range(1, 200)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await moods.ReadAsync(
            user, id, days ?? DefaultDays, TimeCursor.Parse(cursor), limit ?? DefaultLimit, cancellationToken));

    private static async Task<Ok<MoodProfileResponse>> ReadMineAsync(
        MoodService moods,
        CurrentUser user,
        [Range(1, 366)] int? days,
        [Range(1, 200)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await moods.ReadAsync(
            user, MoodService.OwnClientId(user), days ?? DefaultDays, TimeCursor.Parse(cursor), limit ?? DefaultLimit, cancellationToken));

    private static async Task<Results<Created<MoodEntryResponse>, Ok<MoodEntryResponse>>> RecordAsync(
        MoodService moods,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<RecordMoodRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        MoodService.OwnClientId(user);
        var request = await body.ReadAsync(cancellationToken);
        var key = WriteKey.Read(user, idempotencyKey, context.Request, body.Bytes);
        var (entry, created) = await moods.RecordAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(created, location: null, version: null, MoodService.ToResponse(entry));
    }
}

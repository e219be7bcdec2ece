using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.ServiceDefaults.Writes;

public static class TaggedAnswers
{
    public static Ok<T> OkWithTag<T>(this HttpContext context, int version, T value)
    {
        context.Response.Headers.ETag = IfMatch.TagOf(version);
        return TypedResults.Ok(value);
    }

    /// <summary>201 for the call that made it, 200 and <c>Idempotency-Replayed</c> for its repeats.</summary>
    /// <param name="location">Null when it has no address of its own.</param>
    /// <param name="version">Null when it never changes.</param>
    public static Results<Created<T>, Ok<T>> CreatedOnce<T>(this HttpContext context, bool created, string? location, int? version, T value)
    {
        if (version is { } known)
        {
            context.Response.Headers.ETag = IfMatch.TagOf(known);
        }

        if (created)
        {
            return TypedResults.Created(location, value);
        }

        context.Response.Headers[WriteKey.ReplayedHeader] = "true";
        return TypedResults.Ok(value);
    }
}

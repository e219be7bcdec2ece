using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>Why a request was refused or failed (RFC 9457).</summary>
/// <param name="Type">about:blank; the code tells one problem from another.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">For people; carries no data of clients.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="TraceId">The trace to look for.</param>
/// <param name="Errors">The single faults of the input, when there are any.</param>
public sealed record ProblemResponse(
    string Type, string Title, int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail,
    string Code, string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemErrorResponse>? Errors);

/// <summary>One fault of an input.</summary>
/// <param name="Field">The parameter, or the path of the member: questions[0].text.</param>
/// <param name="Message">For people.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Line">The line of an uploaded file, counted from 1.</param>
public sealed record ProblemErrorResponse(string Field, string Message, string? Code, int? Line);

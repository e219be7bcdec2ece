using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Homework;

/// <param name="SubmissionsWanted">After how many submissions the assignment is completed; 1 when absent.</param>
/// <param name="DueAt">With its offset, in the future; null for no end.</param>
public sealed record AssignHomeworkRequest(
    string? Title, string? Instructions, IReadOnlyList<HomeworkQuestionRequest?>? Questions, int? SubmissionsWanted, DateTimeOffset? DueAt);

/// <param name="Kind">text, scale (a whole number from minimum to maximum) or choice (one of options).</param>
/// <param name="Required">True when absent.</param>
public sealed record HomeworkQuestionRequest(
    string? Text, string? Kind, bool? Required, int? Minimum, int? Maximum, IReadOnlyList<string?>? Options);

/// <summary>Everything of an assignment that may change; what is absent becomes empty.</summary>
/// <param name="Status">active or cancelled.</param>
public sealed record ChangeHomeworkRequest(string? Title, string? Instructions, DateTimeOffset? DueAt, string? Status);

public sealed record SubmitHomeworkRequest(IReadOnlyList<HomeworkAnswerRequest?>? Answers, string? Comment);

/// <param name="Value">For a scale.</param>
/// <param name="Text">For a text or a choice.</param>
public sealed record HomeworkAnswerRequest(string? QuestionId, int? Value, string? Text);

public sealed record HomeworkFeedbackRequest(string? Feedback);

/// <summary>An assignment as a list shows it.</summary>
/// <param name="Status">active, completed, expired or cancelled.</param>
public sealed record HomeworkListItemResponse(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, string Status, int SubmissionsWanted, int SubmissionCount,
    DateTimeOffset AssignedAt, DateTimeOffset? DueAt, DateTimeOffset? CompletedAt);

public sealed record HomeworkListResponse(
    IReadOnlyList<HomeworkListItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <param name="Instructions">Null, as the questions, for those who treat nobody.</param>
public sealed record HomeworkAssignmentResponse(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, string? Instructions, IReadOnlyList<HomeworkQuestion>? Questions, string Status,
    int SubmissionsWanted, int SubmissionCount, DateTimeOffset AssignedAt, DateTimeOffset? DueAt, DateTimeOffset? CompletedAt);

/// <summary>A question as it was asked. Its id is its place: q1, q2.</summary>
public sealed record HomeworkQuestion(
    string Id, string Text, string Kind, bool Required,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minimum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Maximum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Options);

public sealed record HomeworkAnswer(
    string QuestionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text);

public sealed record HomeworkResultListItemResponse(
    Guid Id, Guid AssignmentId, Guid ClientId, int? Score, int? MaximumScore, DateTimeOffset SubmittedAt, bool HasFeedback);

public sealed record HomeworkResultListResponse(
    IReadOnlyList<HomeworkResultListItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <param name="Questions">Absent when they were not asked for.</param>
public sealed record HomeworkResultResponse(
    Guid Id, Guid AssignmentId, Guid ClientId, string AssignmentTitle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<HomeworkQuestion>? Questions,
    IReadOnlyList<HomeworkAnswer> Answers, string? Comment, int? Score, int? MaximumScore, DateTimeOffset SubmittedAt,
    string? Feedback, DateTimeOffset? FeedbackAt);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AssignHomeworkRequest))]
[JsonSerializable(typeof(ChangeHomeworkRequest))]
[JsonSerializable(typeof(SubmitHomeworkRequest))]
[JsonSerializable(typeof(HomeworkFeedbackRequest))]
[JsonSerializable(typeof(HomeworkListResponse))]
[JsonSerializable(typeof(HomeworkAssignmentResponse))]
[JsonSerializable(typeof(HomeworkResultListResponse))]
[JsonSerializable(typeof(HomeworkResultResponse))]
[JsonSerializable(typeof(IReadOnlyList<HomeworkAnswer>))]
internal sealed partial class HomeworkJsonContext : JsonSerializerContext;

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Homework;

/// <summary>What a client is asked to do.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Instructions">What to do, up to 4,000 characters.</param>
/// <param name="Questions">What to answer then, up to 50.</param>
/// <param name="SubmissionsWanted">After how many submissions the assignment is completed; 1 when absent.</param>
/// <param name="DueAt">With its offset, in the future; null for no end.</param>
/// <example>{"title":"Sleep diary","instructions":"Write down every evening how the day was.","questions":[{"text":"How well did you sleep?","kind":"scale","minimum":0,"maximum":10},{"text":"What kept you awake?","kind":"text","required":false}],"submissionsWanted":7}</example>
public sealed record AssignHomeworkRequest(
    [Required] string? Title, string? Instructions, IReadOnlyList<HomeworkQuestionRequest?>? Questions, int? SubmissionsWanted, DateTimeOffset? DueAt);

/// <summary>One question.</summary>
/// <param name="Text">1 to 1,000 characters.</param>
/// <param name="Minimum">The low end of a scale.</param>
/// <param name="Maximum">The high end of a scale, at most 100.</param>
/// <param name="Options">Of a choice, 2 to 20.</param>
/// <param name="Kind">text, scale (a whole number from minimum to maximum) or choice (one of options).</param>
/// <param name="Required">True when absent.</param>
/// <example>{"text":"How well did you sleep?","kind":"scale","minimum":0,"maximum":10}</example>
public sealed record HomeworkQuestionRequest(
    [Required] string? Text, [Required, AllowedValues("text", "scale", "choice")] string? Kind, bool? Required, int? Minimum, int? Maximum, IReadOnlyList<string?>? Options);

/// <summary>Everything of an assignment that may change; what is absent becomes empty.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Instructions">What to do, up to 4,000 characters.</param>
/// <param name="DueAt">With its offset, in the future or as it is; null for no end.</param>
/// <param name="Status">active or cancelled.</param>
/// <example>{"title":"Sleep diary","instructions":"Write down every evening how the day was.","dueAt":"2028-01-31T17:00:00Z","status":"active"}</example>
public sealed record ChangeHomeworkRequest(
    [Required] string? Title, string? Instructions, DateTimeOffset? DueAt, [Required, AllowedValues("active", "cancelled")] string? Status);

/// <summary>What a client answers.</summary>
/// <param name="Answers">One for each question that needs one.</param>
/// <param name="Comment">Anything else, up to 4,000 characters.</param>
/// <example>{"answers":[{"questionId":"q1","value":3}],"comment":"Better than last week."}</example>
public sealed record SubmitHomeworkRequest(IReadOnlyList<HomeworkAnswerRequest?>? Answers, string? Comment);

/// <summary>The answer to one question.</summary>
/// <param name="QuestionId">The question's id: q1, q2.</param>
/// <param name="Value">For a scale.</param>
/// <param name="Text">For a text or a choice.</param>
/// <example>{"questionId":"q1","value":3}</example>
public sealed record HomeworkAnswerRequest([Required] string? QuestionId, int? Value, string? Text);

/// <summary>What is said to a submission.</summary>
/// <param name="Feedback">Up to 4,000 characters; null takes back what was said.</param>
/// <example>{"feedback":"Well kept."}</example>
public sealed record HomeworkFeedbackRequest(string? Feedback);

/// <summary>An assignment as a list shows it.</summary>
/// <param name="Status">active, completed, expired or cancelled.</param>
/// <param name="PractitionerId">Who gave it.</param>
/// <param name="SubmissionsWanted">After how many submissions it is completed.</param>
/// <param name="SubmissionCount">How many came.</param>
/// <param name="AssignedAt">When it was given.</param>
/// <param name="DueAt">Until when; null for no end.</param>
/// <param name="CompletedAt">When the last wanted submission came; null before.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000601","clientId":"0a000000-0000-7000-8000-000000000301","practitionerId":"0a000000-0000-7000-8000-000000000101","title":"Sleep diary","status":"active","submissionsWanted":7,"submissionCount":1,"assignedAt":"2026-11-10T10:00:00Z","dueAt":null,"completedAt":null}</example>
public sealed record HomeworkListItemResponse(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, string Status, int SubmissionsWanted, int SubmissionCount,
    DateTimeOffset AssignedAt, DateTimeOffset? DueAt, DateTimeOffset? CompletedAt);

/// <summary>A page of a client's homework.</summary>
public sealed record HomeworkListResponse(
    IReadOnlyList<HomeworkListItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>An assignment as a whole.</summary>
/// <param name="PractitionerId">Who gave it.</param>
/// <param name="Questions">What to answer; null for those who treat nobody.</param>
/// <param name="Status">active, completed, expired or cancelled.</param>
/// <param name="SubmissionsWanted">After how many submissions it is completed.</param>
/// <param name="SubmissionCount">How many came.</param>
/// <param name="AssignedAt">When it was given.</param>
/// <param name="DueAt">Until when; null for no end.</param>
/// <param name="CompletedAt">When the last wanted submission came; null before.</param>
/// <param name="Instructions">Null, as the questions, for those who treat nobody.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000601","clientId":"0a000000-0000-7000-8000-000000000301","practitionerId":"0a000000-0000-7000-8000-000000000101","title":"Sleep diary","instructions":"Write down every evening how the day was.","questions":[{"id":"q1","text":"How well did you sleep?","kind":"scale","required":true,"minimum":0,"maximum":10}],"status":"active","submissionsWanted":7,"submissionCount":1,"assignedAt":"2026-11-10T10:00:00Z","dueAt":null,"completedAt":null}</example>
public sealed record HomeworkAssignmentResponse(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, string? Instructions, IReadOnlyList<HomeworkQuestion>? Questions, string Status,
    int SubmissionsWanted, int SubmissionCount, DateTimeOffset AssignedAt, DateTimeOffset? DueAt, DateTimeOffset? CompletedAt);

/// <summary>A question as it was asked.</summary>
/// <param name="Id">Its place: q1, q2.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Kind">text, scale or choice.</param>
/// <param name="Required">Whether it needs an answer.</param>
/// <param name="Minimum">The low end of a scale.</param>
/// <param name="Maximum">The high end of a scale.</param>
/// <param name="Options">Of a choice.</param>
/// <example>{"id":"q1","text":"How well did you sleep?","kind":"scale","required":true,"minimum":0,"maximum":10}</example>
public sealed record HomeworkQuestion(
    string Id, string Text, string Kind, bool Required,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minimum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Maximum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Options);

/// <summary>An answer as it was given.</summary>
/// <param name="QuestionId">The question it is to.</param>
/// <param name="Value">To a scale.</param>
/// <param name="Text">To a text or a choice.</param>
/// <example>{"questionId":"q1","value":3}</example>
public sealed record HomeworkAnswer(
    string QuestionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text);

/// <summary>A submission as a list shows it.</summary>
/// <param name="AssignmentId">The assignment it is for.</param>
/// <param name="Score">The sum of its scales; null without any.</param>
/// <param name="MaximumScore">What that could have been at most.</param>
/// <param name="SubmittedAt">When it came.</param>
/// <param name="HasFeedback">Whether something was said to it.</param>
public sealed record HomeworkResultListItemResponse(
    Guid Id, Guid AssignmentId, Guid ClientId, int? Score, int? MaximumScore, DateTimeOffset SubmittedAt, bool HasFeedback);

/// <summary>A page of submissions.</summary>
public sealed record HomeworkResultListResponse(
    IReadOnlyList<HomeworkResultListItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>A submission as a whole.</summary>
/// <param name="AssignmentId">The assignment it is for.</param>
/// <param name="AssignmentTitle">Its title.</param>
/// <param name="Answers">In the order of the questions.</param>
/// <param name="Comment">Anything else the client said.</param>
/// <param name="Score">The sum of its scales; null without any.</param>
/// <param name="MaximumScore">What that could have been at most.</param>
/// <param name="SubmittedAt">When it came.</param>
/// <param name="Feedback">What was said to it; null for nothing yet.</param>
/// <param name="FeedbackAt">When that was said.</param>
/// <param name="Questions">Absent when they were not asked for.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000701","assignmentId":"0a000000-0000-7000-8000-000000000601","clientId":"0a000000-0000-7000-8000-000000000301","assignmentTitle":"Sleep diary","questions":[{"id":"q1","text":"How well did you sleep?","kind":"scale","required":true,"minimum":0,"maximum":10}],"answers":[{"questionId":"q1","value":3}],"comment":"Better than last week.","score":3,"maximumScore":10,"submittedAt":"2026-11-11T20:30:00Z","feedback":null,"feedbackAt":null}</example>
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

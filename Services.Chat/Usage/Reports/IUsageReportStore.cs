namespace AiPlatform.Services.Chat.Usage.Reports;

/// <summary>Reads of the rows of a practice's calls.</summary>
internal interface IUsageReportStore
{
    /// <param name="by">One of <see cref="UsageGrouping"/>.</param>
    /// <param name="after">The key of the last group that was read; keys rise.</param>
    Task<(UsageSums Total, IReadOnlyList<UsageGroupResponse> Groups)> SumAsync(
        Guid practiceId, UsageRange range, string by, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<UsageCallResponse>> ListAsync(Guid practiceId, UsageRange range, UsagePlace? before, int limit, CancellationToken cancellationToken);
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

internal sealed class RunOptions
{
    public const string Section = "Runs";

    /// <summary>Runs a user may have at once, over all replicas. More wait in order.</summary>
    [Range(1, 1000)]
    public int PerUser { get; init; } = 10;

    /// <summary>Messages of a session that wait behind its run.</summary>
    [Range(1, 1000)]
    public int QueueLength { get; init; } = 32;

    /// <summary>The part of a replica's waiting text that one user may take.</summary>
    public const int UsersShare = 4;

    /// <summary>Messages of a user that wait on one replica, over all sessions.</summary>
    [Range(1, 100_000)]
    public int QueuedPerUser { get; init; } = 500;

    /// <summary>Messages of everybody that wait on one replica.</summary>
    [Range(1, 1_000_000)]
    public int QueuedPerReplica { get; init; } = 10_000;

    /// <summary>Their text together, in characters; a message may be megabytes long.</summary>
    [Range(1_000_000, 10_000_000_000)]
    public long QueuedCharacters { get; init; } = 64_000_000;

    /// <summary>Runs one replica executes at once.</summary>
    [Range(1, 10_000)]
    public int PerReplica { get; init; } = 512;

    [Range(1, 24 * 3600)]
    public int TimeLimitSeconds { get; init; } = 300;

    /// <summary>How long the end of a run waits for MySQL; then the run says that its answer could not be stored.</summary>
    [Range(1, 300)]
    public int CommitSeconds { get; init; } = 20;

    /// <summary>Earlier messages of the thread that the model sees.</summary>
    [Range(0, 1000)]
    public int HistoryMessages { get; init; } = 40;

    public TimeSpan Commit => TimeSpan.FromSeconds(CommitSeconds);

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(TimeLimitSeconds);
}

[OptionsValidator]
internal sealed partial class RunOptionsValidator : IValidateOptions<RunOptions>;

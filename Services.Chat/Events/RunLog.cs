using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Events;

/// <summary>
/// The frames of runs, one Redis stream for each epoch of a run. Only the holder of the newest fence may append; whoever was
/// taken for dead and comes back finds its writes refused.
/// </summary>
internal sealed class RunLog(RedisClient redis, IOptions<RunLogOptions> options, TimeProvider timeProvider)
{
    public const int ReadBatch = 256;

    private readonly RedisValue _abandoned = Milliseconds(TimeSpan.FromMinutes(options.Value.AbandonedMinutes));
    private readonly RedisValue _retention = Milliseconds(TimeSpan.FromMinutes(options.Value.RetentionMinutes));
    private readonly RedisValue _lease = Milliseconds(options.Value.Lease);

    /// <summary>How long a frame may wait for Redis.</summary>
    public TimeSpan Patience => options.Value.Append;

    public Task OpenAsync(LogClaim claim, CancellationToken cancellationToken) =>
        RunScriptAsync(
            "EVAL run_open", RunLogScripts.Open, claim,
            [claim.Session.UserId.ToString(), claim.Session.SessionId, claim.Epoch, claim.Fence, claim.Replica, _lease, _abandoned], cancellationToken);

    /// <summary>Appends the next frame, within the time a user may be kept waiting for it. Safe to repeat when the answer was lost.</summary>
    public async Task<LogAnswer> AppendAsync(LogClaim claim, LoggedFrame frame)
    {
        var answer = await RunBoundedAsync(
            "EVAL run_append", RunLogScripts.Append, claim,
            [
                claim.Fence, frame.Seq, frame.Type, frame.Utf8.ToArray(), _abandoned, _retention, SessionNotices.Channel(claim.Session),
                claim.Run.RunId.ToString(),
            ]);
        return answer switch { 1 => LogAnswer.Written, 0 => LogAnswer.Lost, _ => LogAnswer.Gone };
    }

    /// <summary>Writes the log anew as the claim's epoch, which begins with these frames. Safe to repeat with the same or with more of them.</summary>
    /// <returns>False when the run belongs to somebody else by now.</returns>
    public async Task<bool> ReopenAsync(LogClaim claim, IReadOnlyList<LoggedFrame> frames)
    {
        RedisValue[] values =
        [
            claim.Session.UserId.ToString(), claim.Session.SessionId, claim.Epoch, claim.Fence, claim.Replica, _lease, _abandoned, _retention,
            SessionNotices.Channel(claim.Session), claim.Run.RunId.ToString(), claim.Run.LogPrefix,
            .. frames.SelectMany(frame => (RedisValue[])[frame.Type, frame.Utf8.ToArray()]),
        ];

        // A user waits for a snapshot alone; a whole epoch is written behind their back and may take as long as any call.
        const string statement = "EVAL run_reopen";
        return await (frames.Count == 1
            ? RunBoundedAsync(statement, RunLogScripts.Reopen, claim, values)
            : RunScriptAsync(statement, RunLogScripts.Reopen, claim, values, CancellationToken.None)) == 1;
    }

    /// <param name="seq">The last frame that was acknowledged.</param>
    public async Task<RunRenewal> RenewAsync(LogClaim claim, long seq, CancellationToken cancellationToken) =>
        await RunScriptAsync(
            "EVAL run_renew", RunLogScripts.Renew, claim, [claim.Fence, claim.Replica, _lease, _abandoned, seq], cancellationToken) switch
        {
            -2 => RunRenewal.Gone,
            -1 => RunRenewal.Lost,
            1 => RunRenewal.CancelAsked,
            _ => RunRenewal.Held,
        };

    /// <summary>Takes a run whose lease ran out.</summary>
    /// <returns>The new fence; 0 when the run is alive or has ended; -1 when there is no log of it.</returns>
    public Task<long> TakeOverAsync(RunKey run, string replica, CancellationToken cancellationToken) =>
        RunScriptAsync("EVAL run_take_over", RunLogScripts.TakeOver, Keys(run), [replica, _lease], cancellationToken);

    /// <summary>Marks the run and tells the replica that executes it; the mark is found at the next renewal if the notice is lost.</summary>
    public Task CancelAsync(RunKey run, ChatSessionKey session, CancellationToken cancellationToken) =>
        RunScriptAsync(
            "EVAL run_cancel", RunLogScripts.Cancel, Keys(run),
            [SessionNotices.Channel(session), SessionNotice.CancelAsked(run.RunId).ToString()], cancellationToken);

    public async Task<RunHead?> FindAsync(RunKey run, CancellationToken cancellationToken)
    {
        var reply = await redis.RunAsync(
            "EVAL run_head", database => database.ScriptEvaluateAsync(RunLogScripts.Head, Keys(run)), cancellationToken);
        var values = (RedisValue[])reply!;
        return values[0].IsNull
            ? null
            : new(
                Guid.Parse(values[0].ToString(), CultureInfo.InvariantCulture), values[1].ToString(), values[2].ToString(), (long)values[3],
                !values[4].IsNull, (long)values[5] == 1);
    }

    /// <summary>At most <see cref="ReadBatch"/> frames of an epoch after <paramref name="afterSeq"/>, in order; empty at the end of the log.</summary>
    public async Task<IReadOnlyList<LoggedFrame>> ReadAfterAsync(RunKey run, string epoch, long afterSeq, CancellationToken cancellationToken)
    {
        var from = string.Create(CultureInfo.InvariantCulture, $"{afterSeq + 1}-0");
        var reply = await redis.RunAsync(
            "XRANGE run_log", database => database.ExecuteAsync("XRANGE", (RedisKey)run.Log(epoch), from, "+", "COUNT", ReadBatch), cancellationToken);

        var entries = (RedisResult[])reply!;
        var frames = new LoggedFrame[entries.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            // ["17-0", ["t", "text_chunk", "f", "{...}"]]
            var entry = (RedisResult[])entries[index]!;
            var id = (string)entry[0]!;
            var fields = (RedisResult[])entry[1]!;
            var seq = long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            frames[index] = new(epoch, seq, (string)fields[1]!, (byte[])fields[3]!);
        }

        return frames;
    }

    public async Task<IReadOnlyList<LoggedFrame>> ReadAllAsync(RunKey run, string epoch, CancellationToken cancellationToken)
    {
        var all = new List<LoggedFrame>();
        while (await ReadAfterAsync(run, epoch, all.Count == 0 ? 0 : all[^1].Seq, cancellationToken) is { Count: > 0 } frames)
        {
            all.AddRange(frames);
        }

        return all;
    }

    private static RedisValue Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static RedisKey[] Keys(RunKey run, string epoch = "") => [run.Meta, run.Log(epoch), run.Lease];

    private async Task<long> RunBoundedAsync(string statement, string script, LogClaim claim, RedisValue[] values)
    {
        using var bound = new CancellationTokenSource(options.Value.Append, timeProvider);
        try
        {
            return await RunScriptAsync(statement, script, claim, values, bound.Token);
        }
        catch (OperationCanceledException exception) when (bound.IsCancellationRequested)
        {
            throw new RedisUnavailableException($"Redis did not answer within {options.Value.AppendMilliseconds} ms.", exception);
        }
    }

    private Task<long> RunScriptAsync(string statement, string script, LogClaim claim, RedisValue[] values, CancellationToken cancellationToken) =>
        RunScriptAsync(statement, script, Keys(claim.Run, claim.Epoch), values, cancellationToken);

    private async Task<long> RunScriptAsync(string statement, string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken) =>
        (long)await redis.RunAsync(statement, database => database.ScriptEvaluateAsync(script, keys, values), cancellationToken);
}

/// <summary>What Redis says to a frame.</summary>
internal enum LogAnswer
{
    Written,

    /// <summary>Somebody else writes this log by now.</summary>
    Lost,

    /// <summary>The log is not there any more, or lacks frames that it had acknowledged.</summary>
    Gone,
}

internal enum RunRenewal
{
    Held,
    CancelAsked,

    /// <inheritdoc cref="LogAnswer.Lost"/>
    Lost,

    /// <inheritdoc cref="LogAnswer.Gone"/>
    Gone,
}

using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Events;

/// <summary>
/// The frames of runs, one Redis stream each. Only the holder of the newest fence may append; whoever was taken for dead
/// and comes back finds its writes refused.
/// </summary>
internal sealed class RunLog(RedisClient redis, IOptions<RunLogOptions> options)
{
    public const long FirstFence = 1;

    private const int ReadBatch = 256;

    private readonly RedisValue _abandoned = Milliseconds(TimeSpan.FromMinutes(options.Value.AbandonedMinutes));
    private readonly RedisValue _retention = Milliseconds(TimeSpan.FromMinutes(options.Value.RetentionMinutes));
    private readonly RedisValue _lease = Milliseconds(options.Value.Lease);

    public Task OpenAsync(RunKey run, ChatSessionKey session, string epoch, string replica, CancellationToken cancellationToken) =>
        RunScriptAsync(
            "EVAL run_open", RunLogScripts.Open, run,
            [session.UserId.ToString(), session.SessionId, epoch, FirstFence, replica, _lease, _abandoned], cancellationToken);

    /// <summary>Appends the next frame. Safe to repeat when the answer was lost.</summary>
    /// <returns>False when the run belongs to somebody else by now.</returns>
    public async Task<bool> AppendAsync(RunKey run, ChatSessionKey session, long fence, LoggedFrame frame, CancellationToken cancellationToken)
    {
        var answer = await RunScriptAsync(
            "EVAL run_append", RunLogScripts.Append, run,
            [fence, frame.Seq, frame.Type, frame.Utf8.ToArray(), _abandoned, _retention, SessionNotices.Channel(session), run.RunId.ToString()],
            cancellationToken);
        return answer switch
        {
            1 => true,
            0 => false,
            _ => throw new InvalidOperationException($"Frame {frame.Seq} of run {run.RunId} does not follow the last one in its log."),
        };
    }

    public async Task<RunRenewal> RenewAsync(RunKey run, long fence, string replica, CancellationToken cancellationToken) =>
        await RunScriptAsync("EVAL run_renew", RunLogScripts.Renew, run, [fence, replica, _lease, _abandoned], cancellationToken) switch
        {
            -1 => RunRenewal.Lost,
            1 => RunRenewal.CancelAsked,
            _ => RunRenewal.Held,
        };

    /// <summary>Takes a run whose lease ran out.</summary>
    /// <returns>The new fence; 0 when the run is alive or has ended; -1 when there is no log of it.</returns>
    public Task<long> TakeOverAsync(RunKey run, string replica, CancellationToken cancellationToken) =>
        RunScriptAsync("EVAL run_take_over", RunLogScripts.TakeOver, run, [replica, _lease], cancellationToken);

    /// <summary>Marks the run and tells the replica that executes it; the mark is found at the next renewal if the notice is lost.</summary>
    public Task CancelAsync(RunKey run, ChatSessionKey session, CancellationToken cancellationToken) =>
        RunScriptAsync(
            "EVAL run_cancel", RunLogScripts.Cancel, run,
            [SessionNotices.Channel(session), SessionNotice.CancelAsked(run.RunId).ToString()], cancellationToken);

    public async Task<RunHead?> FindAsync(RunKey run, CancellationToken cancellationToken)
    {
        RedisValue[] fields = ["user", "session", "epoch", "seq", "ended"];
        var values = await redis.RunAsync("HMGET run", database => database.HashGetAsync(run.Meta, fields), cancellationToken);
        return values[0].IsNull
            ? null
            : new(Guid.Parse(values[0].ToString(), CultureInfo.InvariantCulture), values[1].ToString(), values[2].ToString(), (long)values[3], !values[4].IsNull);
    }

    /// <summary>At most <see cref="ReadBatch"/> frames after <paramref name="afterSeq"/>, in order; empty at the end of the log.</summary>
    public async Task<IReadOnlyList<LoggedFrame>> ReadAfterAsync(RunKey run, long afterSeq, CancellationToken cancellationToken)
    {
        var from = string.Create(CultureInfo.InvariantCulture, $"{afterSeq + 1}-0");
        var reply = await redis.RunAsync(
            "XRANGE run_log", database => database.ExecuteAsync("XRANGE", (RedisKey)run.Log, from, "+", "COUNT", ReadBatch), cancellationToken);

        var entries = (RedisResult[])reply!;
        var frames = new LoggedFrame[entries.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            // ["17-0", ["t", "text_chunk", "f", "{...}"]]
            var entry = (RedisResult[])entries[index]!;
            var id = (string)entry[0]!;
            var fields = (RedisResult[])entry[1]!;
            var seq = long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            frames[index] = new(seq, (string)fields[1]!, (byte[])fields[3]!);
        }

        return frames;
    }

    public async Task<IReadOnlyList<LoggedFrame>> ReadAllAsync(RunKey run, CancellationToken cancellationToken)
    {
        var all = new List<LoggedFrame>();
        while (await ReadAfterAsync(run, all.Count == 0 ? 0 : all[^1].Seq, cancellationToken) is { Count: > 0 } frames)
        {
            all.AddRange(frames);
        }

        return all;
    }

    private static RedisValue Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private async Task<long> RunScriptAsync(string statement, string script, RunKey run, RedisValue[] values, CancellationToken cancellationToken) =>
        (long)await redis.RunAsync(
            statement, database => database.ScriptEvaluateAsync(script, [run.Meta, run.Log, run.Lease], values), cancellationToken);
}

internal enum RunRenewal
{
    Held,
    CancelAsked,
    Lost,
}

using System.Net.Sockets;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Tells the server's and the network's faults from ours. What is ours (a wrong type, an error in a script) is not translated.</summary>
internal static partial class RedisFailures
{
    // By the first word of the reply, which is its code.
    private static readonly Dictionary<string, (string Reason, string Message)> Replies = new()
    {
        ["OOM"] = (RedisReasons.OutOfMemory, "Redis is out of memory."),
        ["READONLY"] = (RedisReasons.ReadOnly, "Redis is read-only."),
        ["LOADING"] = (RedisReasons.Loading, "Redis is still loading."),
        ["NOAUTH"] = (RedisReasons.AuthenticationFailed, "Redis does not accept our credentials."),
        ["WRONGPASS"] = (RedisReasons.AuthenticationFailed, "Redis does not accept our credentials."),
        ["NOPERM"] = (RedisReasons.NotPermitted, "Redis does not permit the call."),
        ["BUSY"] = (RedisReasons.Busy, "Redis is busy with a script."),
        ["MISCONF"] = (RedisReasons.WritesRefused, "Redis refuses writes."),
        ["NOREPLICAS"] = (RedisReasons.WritesRefused, "Redis refuses writes."),
        ["MASTERDOWN"] = (RedisReasons.MasterDown, "Redis has lost its master."),
        ["CLUSTERDOWN"] = (RedisReasons.MasterDown, "Redis has lost its master."),
    };

    /// <returns>The named failure, or null when the exception is none of the server or the network.</returns>
    public static RedisUnavailableException? Translate(Exception exception, TimeSpan bound) => exception switch
    {
        RedisServerException server => Replies.TryGetValue(CodeOf(server.Message), out var reply) ? new(reply.Message, exception, reply.Reason) : null,
        RedisConnectionException connection => Translate(connection),
        TimeoutException => new($"Redis did not answer within {bound.TotalSeconds:0} s.", exception, RedisReasons.Timeout),

        // The library cancels what waits on a connection that it gives up; the caller's own cancellation does not come here.
        OperationCanceledException or SocketException or IOException or ObjectDisposedException =>
            new("The connection to Redis was lost.", exception, RedisReasons.ConnectionLost),
        _ => null,
    };

    private static RedisUnavailableException Translate(RedisConnectionException exception)
    {
        if (Reaches(exception, ConnectionFailureType.AuthenticationFailure))
        {
            return new("Redis does not accept our credentials.", exception, RedisReasons.AuthenticationFailed);
        }

        return exception.FailureType is ConnectionFailureType.UnableToResolvePhysicalConnection or ConnectionFailureType.UnableToConnect
            ? new("Redis could not be reached.", exception, RedisReasons.Unreachable)
            : new("The connection to Redis was lost.", exception, RedisReasons.ConnectionLost);
    }

    // "No connection is available" carries what ended the last one, of one endpoint or of several.
    private static bool Reaches(Exception? exception, ConnectionFailureType type) => exception switch
    {
        null => false,
        RedisConnectionException connection when connection.FailureType == type => true,
        AggregateException several => several.InnerExceptions.Any(inner => Reaches(inner, type)),
        _ => Reaches(exception.InnerException, type),
    };

    // OOM command not allowed when used memory > 'maxmemory'.
    // Before Redis 7 from within a script: ERR Error running script (call to f_6b1b..): @user_script:1: @user_script: 1: -OOM command not ...
    private static string CodeOf(string message) =>
        ScriptError().Match(message) is { Success: true } inner ? inner.Groups["code"].Value : message.Split(' ', 2)[0];

    [GeneratedRegex(@"^ERR Error running script .*@user_script: ?\d+: -(?<code>[A-Z]+) ", RegexOptions.CultureInvariant)]
    private static partial Regex ScriptError();
}

using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>The caller's connection, with a recording beside it.</summary>
internal sealed class RecordingReply(IReplySink caller, ReplyRecording recording) : IReplySink
{
    public bool HasStarted => caller.HasStarted;

    public void Start(ReplyHead head)
    {
        recording.Start(head);
        caller.Start(head);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        recording.Append(piece);
        return caller.WriteAsync(piece, cancellationToken);
    }

    public ValueTask WriteErrorAsync(DomainException failure, CancellationToken cancellationToken)
    {
        recording.End(RecordingState.Broken, failure);
        return caller.WriteErrorAsync(failure, cancellationToken);
    }

    public void Abort()
    {
        recording.End(RecordingState.Broken);
        caller.Abort();
    }
}

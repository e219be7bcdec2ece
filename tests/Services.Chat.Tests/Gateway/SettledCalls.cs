using System.Threading.Channels;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>Lets every call in and keeps what each came to.</summary>
internal sealed class SettledCalls : IModelCallObserver
{
    private readonly Channel<ModelCall> _calls = Channel.CreateUnbounded<ModelCall>();

    /// <returns>The next call that was settled, as soon as there is one.</returns>
    public async Task<ModelCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout);

    public bool HasMore => _calls.Reader.TryPeek(out _);

    public ValueTask AdmitAsync(ModelCall call, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    void IModelCallObserver.Settled(ModelCall call) => _calls.Writer.TryWrite(call);
}

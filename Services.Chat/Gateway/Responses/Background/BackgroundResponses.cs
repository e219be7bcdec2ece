using System.Collections.Concurrent;
using System.Threading.Channels;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses.Background;

/// <summary>Responses that were asked for in the background: those that wait, and how to stop those under way on this replica.</summary>
internal sealed class BackgroundResponses(IOptions<BackgroundOptions> options)
{
    private readonly ConcurrentDictionary<(ResponseOwner, string), CancellationTokenSource> _active = [];

    private readonly Channel<BackgroundResponse> _waiting = Channel.CreateBounded<BackgroundResponse>(options.Value.QueueLength);

    /// <returns>False when too many wait already.</returns>
    public bool TryEnqueue(BackgroundResponse response) => _waiting.Writer.TryWrite(response);

    public IAsyncEnumerable<BackgroundResponse> ReadAllAsync(CancellationToken cancellationToken) => _waiting.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Stops it at once when it is under way here; on another replica it is found out with the next renewal.</summary>
    public void Stop(ResponseOwner owner, string id)
    {
        if (_active.TryGetValue((owner, id), out var stopping))
        {
            try
            {
                stopping.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It came to its end in this moment.
            }
        }
    }

    public void Add(BackgroundResponse response, CancellationTokenSource stopping) => _active[(response.Owner, response.Answer.Id)] = stopping;

    public void Remove(BackgroundResponse response) => _active.TryRemove((response.Owner, response.Answer.Id), out _);
}

/// <param name="Client">The model's group, in the name of who asked.</param>
internal sealed record BackgroundResponse(ResponseOwner Owner, ResponseAnswer Answer, IChatClient Client);

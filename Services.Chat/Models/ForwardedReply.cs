using System.IO.Pipelines;

namespace AiPlatform.Services.Chat.Models;

/// <summary>A reply on its way through: status and headers are here, the body still arrives.</summary>
internal sealed class ForwardedReply(HttpResponseMessage response, CancellationTokenSource limit, CancellationToken caller) : IDisposable
{
    private static readonly string[] Passed = ["Retry-After", "X-Request-Id", "OpenAI-Processing-Ms"];

    public int Status => (int)response.StatusCode;

    public string? ContentType => response.Content.Headers.ContentType?.ToString();

    public IEnumerable<(string Name, string Value)> Headers =>
        Passed.Where(name => response.Headers.Contains(name)).Select(name => (name, string.Join(", ", response.Headers.GetValues(name))));

    /// <summary>Each piece is passed on as it arrives. A stream that breaks here breaks there too: the connection is not ended as if it were whole.</summary>
    public async Task CopyToAsync(PipeWriter target, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);

        try
        {
            while (await body.ReadAsync(target.GetMemory(), either.Token) is var count and > 0)
            {
                target.Advance(count);
                await target.FlushAsync(either.Token);
            }
        }
        catch (OperationCanceledException exception) when (!caller.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw ProviderErrors.TimedOut(exception);
        }
    }

    public void Dispose()
    {
        response.Dispose();
        limit.Dispose();
    }
}

using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses.Background;

/// <summary>Makes responses in the background. What it works on it says it works on; what dies with it is found interrupted.</summary>
internal sealed partial class BackgroundResponseWorker(
    BackgroundResponses responses, RedisResponseStore store, IOptions<BackgroundOptions> options, TimeProvider timeProvider, ILogger<BackgroundResponseWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan RenewEvery = RedisResponseStore.Lease / 4;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        responses.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = stoppingToken },
        async (response, cancellationToken) =>
        {
            try
            {
                await MakeAsync(response, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // The others go on. This one is not renewed any more, and so it is read as failed.
                LogFailed(exception, response.Answer.Id);
            }
        });

    private async Task MakeAsync(BackgroundResponse response, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        responses.Add(response, stopping);

        try
        {
            if (!await store.RenewAsync(response.Owner, response.Answer.Id, cancellationToken))
            {
                return;
            }

            var renewing = RenewAsync(response, stopping);
            JsonObject? made;

            try
            {
                made = await CompleteAsync(response, stopping.Token);
            }
            finally
            {
                await stopping.CancelAsync();
                await renewing;
            }

            if (made is not null)
            {
                await store.FinishAsync(response.Owner, response.Answer.ToStored(made), cancellationToken);
            }
        }
        finally
        {
            responses.Remove(response);
        }
    }

    /// <returns>Null when nobody wants it any more.</returns>
    private static async Task<JsonObject?> CompleteAsync(BackgroundResponse response, CancellationToken cancellationToken)
    {
        try
        {
            response.Answer.Take(await response.Client.GetResponseAsync(response.Answer.Messages, response.Answer.Options, cancellationToken));
            return response.Answer.Builder.ToResponse(kept: true);
        }
        catch (DomainException failure)
        {
            return response.Answer.Builder.ToFailure(failure, kept: true);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task RenewAsync(BackgroundResponse response, CancellationTokenSource stopping)
    {
        try
        {
            using var timer = new PeriodicTimer(RenewEvery, timeProvider);

            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (!await TryRenewAsync(response, stopping.Token))
                {
                    await stopping.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is done, or is to stop.
        }
    }

    private async Task<bool> TryRenewAsync(BackgroundResponse response, CancellationToken cancellationToken)
    {
        try
        {
            return await store.RenewAsync(response.Owner, response.Answer.Id, cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            // Nobody can have cancelled it meanwhile either.
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // What is made must not be lost to it: in the end it is finished, or read as interrupted.
            LogNotRenewed(exception, response.Answer.Id);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Error, "That response {ResponseId} is being made could not be said this time.")]
    private partial void LogNotRenewed(Exception exception, string responseId);

    [LoggerMessage(LogLevel.Error, "Response {ResponseId} could not be made in the background.")]
    private partial void LogFailed(Exception exception, string responseId);
}

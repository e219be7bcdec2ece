using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models;

/// <summary>A span and the measures of each model call by the conventions for generative AI. Contents are Capture's, when an operator wants them.</summary>
internal static class ModelTelemetry
{
    private const string Name = "AiPlatform.Services.Chat";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> OperationDuration = Meter.CreateHistogram(
        "gen_ai.client.operation.duration", "s", "Duration of a model call.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] });

    private static readonly Histogram<double> FirstChunk = Meter.CreateHistogram(
        "gen_ai.client.operation.time_to_first_chunk", "s", "Time to the first piece of a streamed reply.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });

    private static readonly Histogram<long> Tokens = Meter.CreateHistogram(
        "gen_ai.client.token.usage", "{token}", "Tokens of a model call.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] });

    // The conventions have no cost; tagged as theirs are. In double as every instrument: for looking at, never for reckoning.
    private static readonly Counter<double> Cost = Meter.CreateCounter<double>("aiplatform.model.cost", "{USD}", "What model calls cost.");

    public static void Start(ModelCall call)
    {
        var operation = Operation(call.Start.Kind);
        call.Activity = Source.StartActivity($"{operation} {call.Start.Group.Name}", ActivityKind.Client);
        call.Activity?.AddTag("gen_ai.operation.name", operation);
        call.Activity?.AddTag("gen_ai.request.model", call.Start.Group.Name);
    }

    public static void Stop(ModelCall call)
    {
        var tags = new TagList
        {
            { "gen_ai.operation.name", Operation(call.Start.Kind) },
            { "gen_ai.provider.name", Provider(call) },
            { "gen_ai.request.model", call.Start.Group.Name },
            { "gen_ai.response.model", call.Endpoint?.ModelId },
        };

        if (call.Usage.Total > 0)
        {
            Record(call.Usage.Input, "input", tags);
            Record(call.Usage.Output, "output", tags);
        }

        if (call.Cost is > 0 and var cost)
        {
            Cost.Add((double)cost, tags);
        }

        if (call.ErrorCode is not null)
        {
            tags.Add("error.type", call.ErrorCode);
        }

        OperationDuration.Record(call.Duration.TotalSeconds, tags);

        if (call is { Start.Streams: true, FirstToken: { } first })
        {
            FirstChunk.Record(first.TotalSeconds, tags);
        }

        Describe(call);
    }

    // The list is a value: what is added to it here stays here.
    private static void Record(long count, string type, TagList tags)
    {
        tags.Add("gen_ai.token.type", type);
        Tokens.Record(count, tags);
    }

    private static void Describe(ModelCall call)
    {
        if (call.Activity is not { } activity)
        {
            return;
        }

        // Added, not set, which would look for each among those before.
        activity.AddTag("gen_ai.usage.input_tokens", call.Usage.Input);
        activity.AddTag("gen_ai.usage.output_tokens", call.Usage.Output);
        activity.AddTag("gen_ai.usage.cache_read.input_tokens", call.Usage.CachedInput);
        activity.AddTag("aiplatform.model.usage_estimated", call.Usage.IsEstimated);
        activity.AddTag("aiplatform.model.cost_usd", (double)call.Cost);
        activity.AddTag("aiplatform.model.outcome", call.Outcome.ToString());

        if (call.Endpoint is { } endpoint)
        {
            activity.AddTag("gen_ai.provider.name", Provider(call));
            activity.AddTag("gen_ai.response.model", endpoint.ModelId);
            activity.AddTag("aiplatform.model.endpoint", endpoint.Name);

            if (endpoint.BaseUrl is { } url)
            {
                activity.AddTag("server.address", url.Host);
                activity.AddTag("server.port", url.Port);
            }
        }

        if (call.ErrorCode is not null)
        {
            activity.AddTag("error.type", call.ErrorCode);
            activity.SetStatus(ActivityStatusCode.Error);
        }

        activity.Dispose();
    }

    private static string Operation(ModelCallKind kind) => kind == ModelCallKind.Embeddings ? "embeddings" : "chat";

    private static string? Provider(ModelCall call) => call.Endpoint is null ? null : call.Endpoint.Provider switch
    {
        ModelProvider.Gemini => "gcp.gemini",
        ModelProvider.ClaudeCode => "anthropic",
        ModelProvider.OpenAi => call.Endpoint.Vendor.Name switch
        {
            "azure" => "azure.ai.openai",
            "xai" => "x_ai",
            var vendor => vendor,
        },
        var provider => provider,
    };
}

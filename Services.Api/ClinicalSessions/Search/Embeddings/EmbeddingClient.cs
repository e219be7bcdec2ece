using System.Net.Http.Headers;
using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;

/// <summary>Texts to vectors, by OpenAI's wire format.</summary>
internal sealed class EmbeddingClient(HttpClient http, IOptions<EmbeddingOptions> options)
{
    /// <summary>An answer larger than this is none of a batch of ours.</summary>
    public const int LargestAnswer = 128 * 1024 * 1024;

    // Models have up to some 4,096; a blob holds four times as many.
    private const int MostDimensions = 16_384;

    // Models take some 8,000 tokens; what an utterance says is said in less.
    private const int LongestText = 8_000;

    /// <param name="dimensions">How many numbers a vector must have; null when nothing is known of it yet.</param>
    /// <returns>A vector of length 1 for each text, in order.</returns>
    /// <exception cref="EmbeddingException">There are none, for whatever reason but the caller's own cancellation.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, int? dimensions, CancellationToken cancellationToken)
    {
        var body = new EmbeddingRequest(options.Value.Model!, [.. texts.Select(text => text.Length > LongestText ? text[..LongestText] : text)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Value.BaseUrl!.TrimEnd('/')}/embeddings")
        {
            Content = JsonContent.Create(body, EmbeddingJsonContext.Default.EmbeddingRequest),
        };
        if (!string.IsNullOrWhiteSpace(options.Value.ApiKey))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.ApiKey);
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new EmbeddingException($"The embedding server answered {(int)response.StatusCode}.");
            }

            return Check(await response.Content.ReadFromJsonAsync(EmbeddingJsonContext.Default.EmbeddingAnswer, cancellationToken), texts.Count, dimensions);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException or JsonException)
        {
            throw new EmbeddingException("The embedding server gave no answer that can be read.", exception);
        }
    }

    private static float[][] Check(EmbeddingAnswer? answer, int count, int? dimensions)
    {
        var vectors = new float[count][];
        foreach (var item in answer?.Data ?? [])
        {
            if (item is not { Embedding: { Length: > 0 and <= MostDimensions } vector } || item.Index < 0 || item.Index >= count)
            {
                throw new EmbeddingException("The embedding server sent an embedding of nothing that was asked.");
            }

            vectors[item.Index] = Normalise(vector);
        }

        return vectors.Any(vector => vector is null || vector.Length != (dimensions ?? vectors[0].Length))
            ? throw new EmbeddingException("The embedding server left a text out, or its vectors differ in length.")
            : vectors;
    }

    private static float[] Normalise(float[] vector)
    {
        var norm = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(norm) || norm == 0)
        {
            throw new EmbeddingException("The embedding server sent a vector without a direction.");
        }

        TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }
}

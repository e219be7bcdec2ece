namespace AiPlatform.Tests.Common;

/// <summary>One answer of the <see cref="ModelServer"/> to a request for embeddings: vectors in the order of the inputs, a refusal, or raw bytes.</summary>
public sealed record EmbeddingReply
{
    public IReadOnlyList<float[]> Vectors { get; init; } = [];

    public ModelRefusal? Refusal { get; init; }

    /// <summary>Sent as it is, in place of an answer.</summary>
    public string? Raw { get; init; }

    /// <summary>Nothing is sent before it ends.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    public static EmbeddingReply Of(IEnumerable<float[]> vectors) => new() { Vectors = [.. vectors] };

    /// <summary>A vector for each input, from its text.</summary>
    public static EmbeddingReply From(ModelRequest request, Func<string, float[]> vectorOf) => Of(request.Inputs.Select(vectorOf));

    public static EmbeddingReply Refuse(System.Net.HttpStatusCode status) => new() { Refusal = new(status, "Scripted refusal.", "server_error", null, null) };
}

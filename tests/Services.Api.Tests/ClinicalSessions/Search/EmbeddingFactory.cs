using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

/// <summary>The service with an embedding model behind a real port, whose vectors follow from the words of a text.</summary>
public sealed class EmbeddingFactory : ApiFactory, IAsyncLifetime
{
    // A text's direction is what it is about, in whatever words; a little of the last one, so that no vector is without a direction.
    private static readonly string[][] Matters =
        [["sleep", "insomnia", "awake", "night"], ["drink", "wine", "beer", "alcohol"], ["train", "car", "drove"], ["cat", "dog", "kitten"]];

    private ModelServer? _model;

    public ModelServer Model => _model!;

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Embeddings:BaseUrl"] = Model.BaseUrl, ["Embeddings:ApiKey"] = "embedding-key", ["Embeddings:Model"] = "embed-1", ["Embeddings:BatchSize"] = "3",
        ["Embeddings:NewSegmentsPerSearch"] = "8", ["Embeddings:TimeoutSeconds"] = "20",
    };

    public static float[] VectorOf(string text) =>
        [.. Matters.Select(matter => (float)matter.Count(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))), 0.1f];

    public void Answer() => Model.Embed = request => EmbeddingReply.From(request, VectorOf);

    /// <summary>What has been embedded of transcripts since, batch by batch; a query comes alone.</summary>
    public IReadOnlyList<IReadOnlyList<string>> BatchesSince(int requests, string query) =>
        [.. Model.Requests.Skip(requests).Select(request => request.Inputs).Where(inputs => inputs is not [var only] || only != query)];

    async Task IAsyncLifetime.InitializeAsync()
    {
        _model = await ModelServer.StartAsync("embedding-key");
        Answer();
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Model.DisposeAsync();
    }
}

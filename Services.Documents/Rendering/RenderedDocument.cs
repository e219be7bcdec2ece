namespace AiPlatform.Services.Documents.Rendering;

internal sealed record RenderedDocument(string Markdown, int WordCount);

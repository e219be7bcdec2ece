using System.Text.Json;

namespace AiPlatform.Distributed.Tests;

/// <summary>
/// Real counselling conversations (public AnnoMI data) when a folder shared/data lies beside or above the checkout or
/// AIPLATFORM_TRANSCRIPTS names the file; otherwise there are none and the sample practice's own sessions serve.
/// </summary>
internal static class Transcripts
{
    // {"id":0,"quality":"high","topic":"...","segments":[{"index":0,"speaker":"therapist","start":"00:00:13","text":"..."}]}
    public static TranscriptFile? FindOne(int minSegments, int maxSegments)
    {
        if (FindFile() is not { } path)
        {
            return null;
        }

        return File.ReadLines(path)
            .Select(line => JsonSerializer.Deserialize<TranscriptFile>(line, JsonSerializerOptions.Web)!)
            .First(transcript => transcript.Quality == "high" && transcript.Segments.Count >= minSegments && transcript.Segments.Count <= maxSegments);
    }

    private static string? FindFile()
    {
        if (Environment.GetEnvironmentVariable("AIPLATFORM_TRANSCRIPTS") is { Length: > 0 } configured)
        {
            return configured;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "annomi.jsonl");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

internal sealed record TranscriptFile(int Id, string Quality, string Topic, IReadOnlyList<TranscriptSegment> Segments);

internal sealed record TranscriptSegment(int Index, string Speaker, string Start, string Text);

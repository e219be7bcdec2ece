namespace AiPlatform.Services.Chat.Models.Providers.Local.Words;

/// <summary>Words that say nothing about what a text is about.</summary>
internal static class StopWords
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before",
        "being", "but", "by", "can", "could", "did", "do", "does", "doing", "don't", "for", "from", "go", "going", "got", "had", "has",
        "have", "he", "her", "here", "hers", "him", "his", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't",
        "it", "it's", "its", "just", "kind", "know", "let", "let's", "like", "mean", "me", "more", "much", "my", "no", "not", "now",
        "of", "off", "oh", "ok", "okay", "on", "one", "or", "other", "our", "out", "over", "please", "really", "right", "she", "so",
        "some", "than", "that", "that's", "the", "their", "them", "then", "there", "there's", "these", "they", "they're", "thing",
        "things", "this", "those", "to", "too", "uh", "um", "up", "us", "very", "was", "we", "well", "were", "what", "what's", "when",
        "where", "which", "who", "why", "will", "with", "would", "yeah", "yes", "you", "you're", "you've", "your",
    };

    public static bool Contains(string word) => Words.Contains(word);
}

namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>Cuts a text after its full stops, question and exclamation marks.</summary>
internal static class Sentences
{
    public static IEnumerable<(int Start, int Length)> Of(string text)
    {
        var start = 0;
        for (var index = 0; index < text.Length; index++)
        {
            // 8.30 and 3.5 are not ends; "..." and "?!" are one.
            var ends = text[index] is '.' or '?' or '!' && (index + 1 == text.Length || char.IsWhiteSpace(text[index + 1]));
            if (ends || index + 1 == text.Length)
            {
                while (start <= index && char.IsWhiteSpace(text[start]))
                {
                    start++;
                }

                if (start <= index)
                {
                    yield return (start, index + 1 - start);
                }

                start = index + 1;
            }
        }
    }
}

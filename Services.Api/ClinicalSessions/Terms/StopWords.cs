namespace AiPlatform.Services.Api.ClinicalSessions.Terms;

/// <summary>Words that tell no matter from another: English function words, and what people say while they listen.</summary>
internal static class StopWords
{
    private static readonly HashSet<string> All =
    [
        .. """
        a about above after again against all almost also although always am an and another any anybody anyone anything anyway are aren't around as
        at back be because been before being below between both but by can can't cannot come could couldn't did didn't do does doesn't doing don't
        done down during each either else enough even ever every everybody everyone everything few for from further get gets getting go goes going
        gone gonna got had hadn't has hasn't have haven't having he he'd he'll he's her here hers herself him himself his how i i'd i'll i'm i've if
        in into is isn't it it'd it'll it's its itself just kind know let let's like lot made make makes many may maybe me mean might mine more most
        much must my myself need no nobody none nor not nothing now of off often on once one only onto or other others our ours ourselves out over
        own perhaps put quite rather really said same say says see seem seems shall she she'd she'll she's should shouldn't since so some somebody
        someone something sometimes sort still stuff such sure take than that that's the their theirs them themselves then there there's these they
        they'd they'll they're they've thing things think this those though through to too try trying two under until up us use used very want wanna
        was wasn't way we we'd we'll we're we've well were weren't what what's when where which while who who's whole whom whose why will with
        within without won't would wouldn't yet you you'd you'll you're you've your yours yourself yourselves
        ah aha alright eh er erm hey hm hmm huh mhm mm mmhmm oh ok okay right uh uhhuh um umm wow yeah yep yes yup
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    public static bool Contains(string folded) => folded.Length < 2 || All.Contains(folded);
}

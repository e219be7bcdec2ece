namespace AiPlatform.Services.Documents.Grounding;

/// <summary>
/// What a clinician calls a matter, and what people say when they talk about it. One way only: "family" may rest on "my wife",
/// "wife" never on "my family".
/// </summary>
internal static class BroaderWords
{
    private static readonly Dictionary<string, HashSet<string>> Narrower = new Dictionary<string, string>
    {
        ["alcohol"] = "drink drinking beer wine vodka whisky whiskey liquor booze bar sober hangover",
        ["smoking"] = "smoke cigarette tobacco nicotine pack vape cigar",
        ["tobacco"] = "smoke cigarette nicotine pack vape cigar",
        ["drug"] = "weed marijuana cannabis pot cocaine heroin meth opioid high stoned needle",
        ["substance"] = "drink alcohol beer wine weed marijuana cannabis pot cocaine heroin meth drug smoke cigarette",
        ["family"] = "mother father parent husband wife son daughter child brother sister grandmother grandfather aunt uncle cousin",
        ["relationship"] = "mother father parent husband wife partner boyfriend girlfriend friend marriage married divorce son daughter child brother sister",
        ["partner"] = "husband wife boyfriend girlfriend",
        ["parent"] = "mother father",
        ["employment"] = "job work boss office shift career",
        ["occupational"] = "job work boss office shift career",
        ["school"] = "class college grade teacher study homework university",
        ["academic"] = "class college grade teacher study homework university school",
        ["sleep"] = "awake insomnia nightmare bed nap",
        ["fatigue"] = "tired exhausted worn",
        ["medication"] = "medicine meds pill tablet dose prescription prescribe antidepressant inhaler insulin refill",
        ["eating"] = "food meal diet snack appetite breakfast lunch dinner",
        ["diet"] = "food meal eat snack vegetable fruit sugar",
        ["exercise"] = "gym walk run jog bike swim yoga workout",
        ["physical"] = "gym walk run jog bike swim yoga pain doctor weight blood body",
        ["activity"] = "gym walk run jog bike swim yoga exercise sport",
        ["health"] = "doctor pain blood weight sick illness asthma diabetes cancer hospital heart",
        ["legal"] = "court judge police arrest probation jail prison lawyer",
        ["financial"] = "money rent bill debt afford pay cost",
        ["money"] = "rent bill debt afford pay cost expensive",
        ["mood"] = "sad depressed down anxious worry worried stressed angry upset happy lonely hopeless afraid scared frustrated guilty calm mad",
        ["anxiety"] = "anxious worry worried nervous panic scared afraid",
        ["anxious"] = "anxiety worry worried nervous panic",
        ["depression"] = "depressed sad hopeless down",
        ["stress"] = "stressed stressful overwhelmed pressure",
        ["anger"] = "angry mad furious",
        ["angry"] = "mad furious anger",
    }.ToDictionary(
        pair => Wording.Stem(pair.Key),
        pair => pair.Value.Split(' ').Select(Wording.Stem).ToHashSet(StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <summary>True when the words spoken hold the stem or something that it is the broader name of.</summary>
    public static bool Covers(string stem, HashSet<string> spoken) =>
        spoken.Contains(stem) || (Narrower.TryGetValue(stem, out var narrower) && spoken.Overlaps(narrower));
}

using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Terms;

public sealed class StemmerTests
{
    // The examples of Porter's paper, step by step, with what becomes of them in the end.
    [Theory]
    [InlineData("caresses ponies ties caress cats", "caress poni ti caress cat")]
    [InlineData("feed agreed plastered bled motoring sing", "feed agre plaster bled motor sing")]
    [InlineData("conflated troubled sized hopping tanned falling hissing fizzed failing filing", "conflat troubl size hop tan fall hiss fizz fail file")]
    [InlineData("happy sky", "happi sky")]
    [InlineData("relational conditional rational valenci hesitanci digitizer conformabli", "relat condit ration valenc hesit digit conform")]
    [InlineData("radicalli differentli vileli analogousli vietnamization predication operator", "radic differ vile analog vietnam predic oper")]
    [InlineData("feudalism decisiveness hopefulness callousness formaliti sensitiviti sensibiliti", "feudal decis hope callous formal sensit sensibl")]
    [InlineData("triplicate formative formalize electriciti electrical hopeful goodness", "triplic form formal electr electr hope good")]
    [InlineData("revival allowance inference airliner gyroscopic adjustable defensible irritant", "reviv allow infer airlin gyroscop adjust defens irrit")]
    [InlineData("replacement adjustment dependent adoption homologou communism activate", "replac adjust depend adopt homolog commun activ")]
    [InlineData("angulariti homologous effective bowdlerize probate rate cease controll roll", "angular homolog effect bowdler probat rate ceas control roll")]
    [InlineData("a is ion ing ed 7 über", "a is ion ing ed 7 über")]
    public void Stem_PortersExamples_AsInThePaper(string words, string stems) =>
        Assert.Equal(stems, string.Join(' ', words.Split(' ').Select(Stemmer.Stem)));

    [Theory]
    [InlineData("sleep sleeps sleeping")]
    [InlineData("worry worries worried worrying")]
    [InlineData("drink drinks drinking")]
    [InlineData("relation relations relational")]
    public void Stem_FormsOfOneWord_AreOne(string forms) => Assert.Single(forms.Split(' ').Select(Stemmer.Stem).Distinct());
}

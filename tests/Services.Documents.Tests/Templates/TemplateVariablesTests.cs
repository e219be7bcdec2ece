using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Tests.Templates;

public sealed class TemplateVariablesTests
{
    [Fact]
    public void NamesIn_RepeatedAndOtherCase_NamesEachOnce() =>
        Assert.Equal(["clientName", "date", "mood"], TemplateVariables.NamesIn("{{clientName}} {{ Date }} {{CLIENTNAME}} {{mood}}"));

    [Fact]
    public void Fill_ValueThatLooksLikeAVariable_IsNotFilledAgain()
    {
        var values = TemplateVariables.Known.ToDictionary(name => name, name => name == "clientName" ? "{{date}}" : "x");

        Assert.Equal("{{date}} x", TemplateVariables.Fill("{{clientName}} {{ date }}", values));
    }

    [Theory]
    [InlineData("{{clientName}} and {plain}", false)]
    [InlineData("{{clientName", true)]
    [InlineData("clientName}}", true)]
    [InlineData("{{{clientName}}}", false)]
    [InlineData("{{client{Name}}", true)]
    public void HasStrayBraces_Text_FindsUnpairedOnes(string text, bool expected) =>
        Assert.Equal(expected, TemplateVariables.HasStrayBraces(text));
}

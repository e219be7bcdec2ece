using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Tests.Templates;

public sealed class TemplateParserTests
{
    [Fact]
    public void Parse_TitlePreambleAndSections_TakesThemApart()
    {
        var outline = TemplateParser.Parse(
            "# Note for {{clientName}}\r\n\r\nBy {{practitionerName}}\r\n\r\n## Concerns ##\r\nWhat troubles.\r\nIn their words.\r\n\r\n### Sleep\r\n\r\n## Plan", "unused");

        Assert.Equal("Note for {{clientName}}", outline.Title);
        Assert.Equal("By {{practitionerName}}", outline.Preamble);
        Assert.Equal(
            [new("Concerns", 2, "What troubles.\nIn their words."), new("Sleep", 3, ""), new("Plan", 2, "")],
            outline.Sections);
    }

    [Fact]
    public void Parse_NoHeadings_IsOneSection()
    {
        var outline = TemplateParser.Parse("Write what mattered.", "Short Note");

        Assert.Null(outline.Title);
        Assert.Equal([new TemplateSection("Short Note", 2, "Write what mattered.")], outline.Sections);
    }

    [Fact]
    public void Parse_HashInsideFence_IsNoHeading()
    {
        var outline = TemplateParser.Parse("## Plan\n```\n## not a section\n```\n#also not\n", "x");

        Assert.Equal([new TemplateSection("Plan", 2, "```\n## not a section\n```\n#also not")], outline.Sections);
    }

    [Fact]
    public void Parse_SecondTopHeading_IsASection()
    {
        var outline = TemplateParser.Parse("# One\n# Two\n# Three", "x");

        Assert.Equal("One", outline.Title);
        Assert.Equal(["Two", "Three"], outline.Sections.Select(section => section.Heading));
    }
}

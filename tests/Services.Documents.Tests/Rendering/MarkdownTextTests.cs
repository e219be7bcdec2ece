using AiPlatform.Services.Documents.Rendering;

namespace AiPlatform.Services.Documents.Tests.Rendering;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("Zoë O'Brien-李, 50 % (ok)!", "Zoë O'Brien-李, 50 % (ok)!")]
    [InlineData("# *a* _b_ `c` <i>", @"\# \*a\* \_b\_ \`c\` \<i\>")]
    [InlineData("line\n# two\r\n\tthree", @"line \# two three")]
    [InlineData("- list", @"\- list")]
    [InlineData("12. list", @"12\. list")]
    [InlineData("1) list", @"1\) list")]
    [InlineData("2026 was", "2026 was")]
    [InlineData("&lt;b&gt; R&D", @"\&lt;b\&gt; R&D")]
    [InlineData("{{date}}", @"\{\{date\}\}")]
    public void Escape_Value_ReadsAsTyped(string value, string expected) => Assert.Equal(expected, MarkdownText.Escape(value));
}

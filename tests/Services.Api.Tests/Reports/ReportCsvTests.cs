using AiPlatform.Services.Api.Reports;

namespace AiPlatform.Services.Api.Tests.Reports;

public sealed class ReportCsvTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("  =1+1", "\"'  =1+1\"")]
    [InlineData("\t=1+1", "\"'\t=1+1\"")]
    [InlineData("\r1", "\"'\r1\"")]
    [InlineData("\uFF1D1+1", "\"'\uFF1D1+1\"")]
    [InlineData("a=1", "\"a=1\"")]
    [InlineData("", "\"\"")]
    public void Write_TextThatLooksLikeAFormula_StaysText(string text, string field)
    {
        var content = new ReportContent("t", [new("moodChange", -1.5m, "points")], [new("Mood", [new(text, [])])]);
        var report = new Report(Guid.Empty, ReportTypes.TreatmentProgress, Guid.Empty, default, default, "UTC", content, Guid.Empty, default);

        Assert.Equal(
            $"section,text,value,unit,sources\r\n\"Figures\",\"moodChange\",-1.5,\"points\",\"\"\r\n\"Mood\",{field},,\"\",\"\"\r\n", ReportCsv.Write(report));
    }
}

using System.Diagnostics;
using System.Globalization;
using AiPlatform.ServiceDefaults.Telemetry;

namespace AiPlatform.ServiceDefaults.Tests.Telemetry;

public sealed class RedactorTests
{
    private const string Jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl-_";

    [Theory]
    [Trait("Spec", "T001-369")]
    [InlineData($"Authorization: Bearer {Jwt}", "Authorization: Bearer ***")]
    [InlineData("authorization: bearer opaque-token/with+all~of_it==", "authorization: bearer ***")]
    [InlineData($"Bearer {Jwt}, Bearer {Jwt}", "Bearer ***, Bearer ***")]
    [InlineData($"sent '{Jwt}' to it", "sent '***' to it")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "***")]
    [InlineData("There is no model 'sk-aip-3fQ9_x-Z'.", "There is no model 'sk-aip-***'.")]
    [InlineData("Authorization: Bearer sk-aip-3fQ9_x-Z", "Authorization: Bearer ***")]
    public void Redact_Tokens_AreMasked(string text, string expected) => AssertRedacted(expected, text);

    [Theory]
    [Trait("Spec", "T001-370")]
    [InlineData($"GET /ws/chat?token={Jwt}&x=1", "GET /ws/chat?token=***&x=1")]
    [InlineData("?x=1&access_token=abc#top", "?x=1&access_token=***")]
    [InlineData("refresh_token=abc id_token=def", "refresh_token=*** id_token=***")]
    [InlineData("client_id=chat&client_secret=s3cr3t&subject_token=abc", "client_id=chat&client_secret=***&subject_token=***")]
    [InlineData("auth_token=abc", "auth_token=***")]
    [InlineData("TOKEN=abc", "TOKEN=***")]
    [InlineData("localhost:6379,password=p@ss,ssl=false", "localhost:6379,password=***,ssl=false")]
    [InlineData("Server=db;User ID=root;Password=p@ss;Database=chat", "Server=db;User ID=root;Password=***;Database=chat")]
    [InlineData("Server=db;Pwd=p@ss;Database=chat", "Server=db;Pwd=***;Database=chat")]
    [InlineData("api_key=sk-123", "api_key=***")]
    [InlineData("Server=db; Password = p@ss ; Database=chat", "Server=db; Password = *** ; Database=chat")]
    [InlineData("Server=db;Password=\"a;b c\";Database=chat", "Server=db;Password=***;Database=chat")]
    [InlineData("Server=db;Pwd = 'a;b c';Database=chat", "Server=db;Pwd = ***;Database=chat")]
    [InlineData("Duplicate entry 'ana@example.com' for key 'users.email'", "Duplicate entry '***' for key 'users.email'")]
    [InlineData("the right syntax to use near 'Ana said' at line 1", "the right syntax to use near '***' at line 1")]
    [InlineData("Truncated incorrect DOUBLE value: 'Ana said'", "Truncated incorrect DOUBLE value: '***'")]
    [InlineData("Incorrect datetime value: 'Ana Smith' for column 'at' at row 1", "Incorrect datetime value: '***' for column 'at' at row 1")]
    public void Redact_NamedValues_AreMasked(string text, string expected) => AssertRedacted(expected, text);

    [Theory]
    [Trait("Spec", "T001-371")]
    [InlineData("""{"user":{"access_token":"abc","name":"x"}}""", """{"user":{"access_token":"***","name":"x"}}""")]
    [InlineData("""{"token" : "a\"b","password":""}""", """{"token" : "***","password":""}""")]
    [InlineData("""{"body":"{\"password\":\"abc\",\"name\":\"x\"}"}""", """{"body":"{\"password\":\"***\",\"name\":\"x\"}"}""")]
    [InlineData("""{"accessToken":"abc","refreshToken":"def"}""", """{"accessToken":"***","refreshToken":"***"}""")]
    public void Redact_NestedPayload_IsMasked(string text, string expected) => AssertRedacted(expected, text);

    [Theory]
    [InlineData("data:audio/wav;base64,UklGRg==", "data:audio/wav;base64,***")]
    [InlineData("""{"image_url":"data:image/png;base64,iVBORw0KGgo+/="}""", """{"image_url":"data:image/png;base64,***"}""")]
    [InlineData("data:audio/webm;codecs=opus;base64,GkXfow==", "data:audio/webm;codecs=opus;base64,***")]
    public void Redact_DataUrls_AreMasked(string text, string expected) => AssertRedacted(expected, text);

    [Theory]
    [InlineData("")]
    [InlineData("Booked appointment 0198f1c4-7c1e-7a52-9b1e-5d2f6a7b8c9d with practitioner 4.")]
    [InlineData("Used 512 tokens of 4096 in 3 rounds; max_tokens=4096.")]
    [InlineData("""{"completion_tokens":12,"total_tokens":40,"token_type":"x"}""")]
    [InlineData("Duplicate entry of a session; token, password, secret: none of them has a value here.")]
    [InlineData("The token has expired and the password was changed.")]
    [InlineData("GET /api/v1/clients/{id}?limit=5&cursor=abc")]
    [InlineData("data:text/plain is no data URL with contents")]
    [InlineData("The eyJ prefix alone, and versions such as 1.2.3, stay.")]
    public void Redact_InnocentText_StaysAsItIs(string text)
    {
        Assert.Equal(text, Redactor.Redact(text));
        Assert.False(Redactor.NeedsRedaction(text));
    }

    [Fact]
    public void Redact_LongHostileText_TakesNoTimeToSpeakOf()
    {
        var started = OnACore();

        foreach (var piece in (string[])["a", "_", "-", "a-", "eyJ.", "data:a/", "bearer ", "\"token\":", "token=", ";", "token =", "password ", "token='", "token=\"", "\\\"token\\\":", "Duplicate entry '"])
        {
            Redactor.Redact(string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length)));
        }

        Assert.InRange(OnACore() - started, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    public static TheoryData<object?, object?> Values => new()
    {
        { "?token=abc", "?token=***" },
        { new[] { "a", "?token=abc", null }, new[] { "a", "?token=***", null } },
        { new Uri("http://localhost/ws?token=abc"), "http://localhost/ws?token=***" },
        { new object?[] { 1, "Bearer abc", null }, new object?[] { 1, "Bearer ***", null } },
        { new List<object> { new Uri("http://localhost/?token=abc") }, new object?[] { "http://localhost/?token=***" } },
        { new InvalidOperationException("password=abc"), "System.InvalidOperationException: password=***" },
        { null, null },
        { 5, null },
        { new[] { 1, 2 }, null },
        { new[] { "a", null }, null },
        { new Uri("http://localhost/"), null },
        { DayOfWeek.Friday, null },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Redact_ValuesOfAnyKind_MasksWhatTheExporterWouldWrite(object? value, object? expected)
    {
        Assert.Equal(expected is not null, Redactor.TryRedact(value, out var redacted));
        Assert.Equal(expected, redacted);
    }

    // What this thread has had of a core, which a busy machine does not lengthen. /proc/thread-self/schedstat: 1297 41022 5, nanoseconds first
    private static TimeSpan OnACore() => OperatingSystem.IsLinux()
        ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000d)
        : Stopwatch.GetElapsedTime(0);

    private static void AssertRedacted(string expected, string text)
    {
        Assert.Equal(expected, Redactor.Redact(text));
        Assert.True(Redactor.NeedsRedaction(text));
        Assert.Equal(expected, Redactor.Redact(expected));
    }
}

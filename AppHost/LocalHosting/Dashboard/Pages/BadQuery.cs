using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>Query parameters that say nothing we know.</summary>
internal static class BadQuery
{
    public const string Levels = "Trace, Debug, Information, Warning, Error or Critical";

    public static IResult Of(string parameter, string expected) => Results.Problem($"'{parameter}' is {expected}.", statusCode: StatusCodes.Status400BadRequest);

    public static IResult NoRun() => Results.Problem("There is no such run.", statusCode: StatusCodes.Status404NotFound);

    // Enum.TryParse takes numbers too.
    public static bool IsLevel(string text, out LogLevel level) =>
        Enum.TryParse(text, ignoreCase: true, out level) && level is >= LogLevel.Trace and < LogLevel.None && char.IsAsciiLetter(text[0]);
}

namespace Aspire.Hosting.Dashboard.ConsoleLogs;

/// <summary>A line that a resource wrote. <c>N</c> rises over all resources in the order of their writing; the time is milliseconds since the Unix epoch.</summary>
internal sealed record ConsoleLine(long N, double Time, string Resource, string Instance, string Text, bool IsError);

internal sealed record ConsolePage(IReadOnlyList<ConsoleLine> Lines, bool HasMore);

internal sealed record ConsoleEvent(string Resource, IReadOnlyList<ConsoleLine> Lines);

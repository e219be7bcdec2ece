using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>
/// Writes the problem also when the caller accepts something else only (text/event-stream, text/csv): an error that lost its code
/// helps nobody. The framework's own writer declines then, but writes when told to.
/// </summary>
internal sealed class UnaskedProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    // The last but this one is the framework's: a service puts a writer of its own before it.
    public ValueTask WriteAsync(ProblemDetailsContext context) =>
        context.HttpContext.RequestServices.GetServices<IProblemDetailsWriter>().Last(writer => writer != this).WriteAsync(context);
}

namespace AiPlatform.Load;

/// <summary>One named measurement. It starts what it needs and leaves nothing behind.</summary>
internal interface ILoad
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken);
}

/// <summary>One line of the table. Numbers without a baseline leave it empty.</summary>
/// <param name="Measured">With its unit, such as <c>12,400/s</c>.</param>
/// <param name="Bound">What was promised, such as <c>at least 0.80</c>.</param>
internal sealed record Figure(string What, string Measured, string Baseline, string Ratio, string Bound, bool IsKept);

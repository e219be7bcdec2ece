namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>One fault of an input.</summary>
/// <param name="Field">The field's wire name or path.</param>
/// <param name="Line">1-based line of an uploaded file, when the input is one.</param>
public sealed record FieldError(string Field, string Message, string? Code = null, int? Line = null);

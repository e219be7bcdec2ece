namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>What was sent is no protobuf message, or not the one it should be.</summary>
internal sealed class OtlpFormatException(string message) : Exception(message);

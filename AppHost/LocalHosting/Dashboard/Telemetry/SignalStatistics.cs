namespace Aspire.Hosting.Dashboard.Telemetry;

/// <param name="Count">Kept now.</param>
/// <param name="Received">Ever taken in.</param>
/// <param name="Dropped">Pushed out by newer ones.</param>
/// <param name="Bytes">What those kept take.</param>
internal sealed record SignalStatistics(int Count, long Received, long Dropped, long Bytes);

using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests;

/// <summary>The sample practices soon after their last records, for tests that name days: their time goes on from noon of 20 November 2026, whatever day it is.</summary>
public sealed class NovemberFactory : ApiFactory
{
    protected override TimeProvider Time { get; } = new ShiftedTime { Shift = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero) - TimeProvider.System.GetUtcNow() };
}

using AiPlatform.Services.Chat.Agents;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>What executes a run's work. The worker knows nothing else of agents.</summary>
internal delegate Task<AgentOutcome> AgentCall(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken);

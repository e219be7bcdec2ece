using AiPlatform.ServiceDefaults;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Audit;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Gateway;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Keys.Authentication;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Threads;
using AiPlatform.Services.Chat.Tools;
using AiPlatform.Services.Chat.Transport;
using AiPlatform.Services.Chat.Transport.Http;
using AiPlatform.Services.Chat.Transport.WebSockets;
using AiPlatform.Services.Chat.Usage;
using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Reports;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddMySqlDataSource("chatdb", typeof(Program).Assembly);
builder.AddRedisClient("redis");
builder.Services
    .AddValidation()
    .AddServices()
    .AddAudit()
    .AddModels()
    .AddUsage()
    .AddTools()
    .AddAgents()
    .AddThreads()
    .AddEvents()
    .AddSessions()
    .AddRuns()
    .AddTransport()
    .AddKeys()
    .AddGateway();

var app = builder.Build();

if (!app.HasCatalogue())
{
    return 1;
}

app.UseMiddleware<KnownCallers>();
app.UseErrors();
app.UseAuthentication();
app.UseAuthorization();
app.UseWebSockets();

app.MapDefaultEndpoints();
app.MapChatSockets();
app.MapGroup("/sessions").MapSessions();
app.MapGroup("/chat/runs").MapRuns();
app.MapGroup("/api/v1/threads").MapThreads();
app.MapGroup("/api/v1/keys").MapKeys();
app.MapGroup("/api/v1/usage").MapUsage();
app.MapGroup("/api/v1/budgets").MapBudgets();
app.MapGateway();
app.BuildEndpointsOnce();

app.Run();
return 0;

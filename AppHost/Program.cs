using AiPlatform.AppHost.Demo;
using AiPlatform.AppHost.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

var builder = DistributedApplication.CreateBuilder(args);

// What keeps state, over restarts too. The local host gives tests and the demo throw-away folders instead.
var redis = builder.AddRedis("redis").WithDataVolume();
var mysql = builder.AddMySql("mysql").WithDataVolume();
var practiceDb = mysql.AddDatabase("practicedb", "practice");
var chatDb = mysql.AddDatabase("chatdb", "chat");
var documentsDb = mysql.AddDatabase("documentsdb", "documents");

// With this secret the chat service asks the API for the short-lived tokens of its runs.
var chatSecret = builder.AddParameter("chat-secret", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);

// What the chat service encrypts with what it keeps of models' replies.
var responseKey = builder.AddParameter("response-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);

var api = builder.AddProject<Projects.Services_Api>("api", launchProfileName: null).WithHttpEndpoint()
    .WithReference(practiceDb).WaitFor(practiceDb)
    .WithReference(redis)
    .WithEnvironment("Auth__Services__0__Id", "chat")
    .WithEnvironment("Auth__Services__0__Secret", chatSecret)
    .WithSettings(builder.Configuration.GetSection("Embeddings"))
    .WithHttpHealthCheck("/health");

// Started beside the API, not after it: they need its answers only once somebody asks them something.
var documents = builder.AddProject<Projects.Services_Documents>("documents", launchProfileName: null).WithHttpEndpoint()
    .WithReference(documentsDb).WaitFor(documentsDb)
    .WithReference(api).WaitForStart(api)
    .WithHttpHealthCheck("/health");

var chat = builder.AddProject<Projects.Services_Chat>("chat", launchProfileName: null).WithHttpEndpoint()
    .WithReference(redis).WaitFor(redis)
    .WithReference(chatDb).WaitFor(chatDb)
    .WithReference(api).WaitForStart(api)
    .WithReference(documents)
    .WithEnvironment("Auth__ClientId", "chat")
    .WithEnvironment("Auth__ClientSecret", chatSecret)
    .WithEnvironment("Gateway__Responses__Key", responseKey)
    .WithEnvironment("Gateway__Cache__Key", responseKey)
    .WithSettings(builder.Configuration.GetSection("Models"))
    .WithFileSetting("MODELS_CONFIG", builder.Configuration["MODELS_CONFIG"])
    .WithHttpHealthCheck("/health");

// Each uses the other, neither waits for the other: documents reach models through the chat service's gateway.
documents.WithReference(chat);

builder.Services.AddHostedService<StartupReport>();
if (builder.Configuration.GetValue<bool>("Demo"))
{
    builder.Services.AddHostedService<DemoConversation>();
}

builder.Build().Run();

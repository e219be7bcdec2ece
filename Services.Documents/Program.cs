using AiPlatform.ServiceDefaults;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Documents;
using AiPlatform.Services.Documents.Drafting;
using AiPlatform.Services.Documents.Generation;
using AiPlatform.Services.Documents.Services;
using AiPlatform.Services.Documents.Sources;
using AiPlatform.Services.Documents.Storage;
using AiPlatform.Services.Documents.Templates;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddMySqlDataSource("documentsdb", typeof(Program).Assembly);
builder.Services
    .AddStorage()
    .AddNeighbours()
    .AddDrafting()
    .AddSources()
    .AddTemplates()
    .AddGeneration()
    .AddValidation()
    .AddOpenApi();

var app = builder.Build();

app.UseErrors();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapOpenApi().AllowAnonymous();
app.MapGroup("/api/v1/templates").RequireDocumentAccess(TemplateEndpoints.NotFound).MapTemplates();
app.MapGroup("/api/v1/documents").RequireDocumentAccess(DocumentEndpoints.NotFound).MapStoredDocuments().MapGeneration();
app.BuildEndpointsOnce();

app.Run();

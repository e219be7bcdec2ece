using AiPlatform.ServiceDefaults;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Clients.Care;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.ClinicalSessions.Retention;
using AiPlatform.Services.Api.Consents;
using AiPlatform.Services.Api.Data.Sample;
using AiPlatform.Services.Api.DayViews;
using AiPlatform.Services.Api.Fhir;
using AiPlatform.Services.Api.Homework;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Services.Api.Mood;
using AiPlatform.Services.Api.OpenApi;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;
using AiPlatform.Services.Api.Reports;
using AiPlatform.Services.Api.Statistics;
using AiPlatform.Services.Api.Violations;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddMySqlDataSource("practicedb", typeof(Program).Assembly);
builder.AddRedisClient("redis");
builder.Services
    .AddValidation()
    .AddApiDocument()
    .AddWrites()
    .AddPractices()
    .AddPractitioners()
    .AddClients()
    .AddConsents()
    .AddClinicalSessions()
    .AddHomework()
    .AddMood()
    .AddDayViews()
    .AddStatistics()
    .AddReports()
    .AddViolations()
    .AddFhir()
    .AddAudit()
    .AddIdentity()
    .AddSample();

var app = builder.Build();

app.UseErrors();
app.UseAuthentication();
app.UseAuthorization();
app.UseMiddleware<ProfileHeader>();

app.MapDefaultEndpoints();
app.MapOpenApiDocument();
app.MapSampleUsers();
app.MapGroup("").MapOAuth();
app.MapGroup(AuthEnvelope.Path).MapAuth();
app.MapGroup("/api/v1/me").MapMe();
app.MapGroup("/api/v1/users").MapUsers();
app.MapGroup("/api/v1/me/mood").MapMyMood();
app.MapGroup("/api/v1/me/consents").MapMyConsents();
app.MapGroup("/api/v1/clinic").MapPractice();
app.MapGroup("/api/v1/clinic").MapStatistics();
app.MapGroup("/api/v1/clinic/retention").MapRetention();
app.MapGroup("/api/v1/practitioners").MapPractitioners();
app.MapGroup("/api/v1/practitioners").MapDayView();
app.MapGroup("/api/v1/clients").MapClients();
app.MapGroup("/api/v1/clients").MapClientCare();
app.MapGroup("/api/v1/care-relations").MapCareRelations();
app.MapGroup("/api/v1/clients").MapClientHomework();
app.MapGroup("/api/v1/clients").MapClientMood();
app.MapGroup("/api/v1/clients").MapClientConsents();
app.MapGroup("/api/v1/homework/assignments").MapHomeworkAssignments();
app.MapGroup("/api/v1/homework").MapHomeworkResults();
app.MapGroup("/api/v1/sessions").MapClinicalSessions();
app.MapGroup("/api/v1/reports").MapReports();
app.MapGroup("/api/v1/violations").MapViolations();
app.MapGroup(FhirEndpoints.Path).MapFhir();
app.MapGroup("/api/v1/audit").MapAudit();
app.BuildEndpointsOnce();

app.Run();

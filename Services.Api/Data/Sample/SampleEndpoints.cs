using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.Data.Sample;

internal static class SampleEndpoints
{
    public static IServiceCollection AddSample(this IServiceCollection services)
    {
        services.AddOptions<SampleOptions>().BindConfiguration(SampleOptions.Section).ValidateOnStart();
        services.AddSingleton<SampleLoader>();
        services.AddSingleton<IAfterMigrations>(provider => provider.GetRequiredService<SampleLoader>());
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, SampleUserJsonContext.Default));
    }

    /// <summary>Who a developer can sign in as. Outside Development the route does not exist.</summary>
    public static WebApplication MapSampleUsers(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapGet("/api/v1/sample-users", List).WithName("ListSampleUsers").WithTags("Sample").AllowAnonymous();
        }

        return app;
    }

    /// <summary>Tells a developer whom to sign in as.</summary>
    /// <remarks>The people are invented. Outside Development the route does not exist.</remarks>
    internal static Ok<IReadOnlyList<SampleUserResponse>> List()
    {
        var people = SampleData.ReadPeople();
        var practices = people.Practices.ToDictionary(practice => practice.Id, practice => practice.Name);
        return TypedResults.Ok<IReadOnlyList<SampleUserResponse>>(
            [.. people.Users.Select(user => new SampleUserResponse(user.Email, user.Password, user.Role, practices[user.PracticeId]))]);
    }
}

/// <summary>An invented person.</summary>
/// <param name="Password">What to sign in with.</param>
/// <param name="Role">owner, practitioner, reception or client.</param>
/// <param name="Practice">The name of the practice.</param>
/// <example>{"email":"nora.berg@harbourlane.example","password":"demo-password-1","role":"practitioner","practice":"Harbour Lane Counselling"}</example>
public sealed record SampleUserResponse(string Email, string Password, string Role, string Practice);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<SampleUserResponse>))]
internal sealed partial class SampleUserJsonContext : JsonSerializerContext;

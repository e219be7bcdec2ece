using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Services.Api.Tests.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Practices;

/// <summary>A practice of a test's own, with whom and what the test puts into it.</summary>
internal sealed class SmallPractice(ApiFactory factory, Guid id)
{
    public Guid Id => id;

    public static async Task<SmallPractice> CreateAsync(
        ApiFactory factory, string timeZone = "Europe/London", int? fee = null, string? currency = null)
    {
        var practice = new SmallPractice(factory, Guid.CreateVersion7());
        await factory.ExecuteAsync(
            """
            insert into practices (id, name, owner_name, email, phone, time_zone, session_fee_minor, currency, created_at)
            values (@Id, 'Small', 'Owner', '', '', @timeZone, @fee, @currency, '2026-01-01')
            """,
            new { practice.Id, timeZone, fee, currency });
        return practice;
    }

    public async Task<Guid> AddPractitionerAsync(string name, int? fee = null, bool active = true)
    {
        var practitioner = Guid.CreateVersion7();
        await factory.ExecuteAsync(
            """
            insert into practitioners (id, practice_id, name, title, email, phone, specialities, session_fee_minor, active, created_at)
            values (@practitioner, @id, @name, '', '', '', '[]', @fee, @active, '2026-01-01')
            """,
            new { practitioner, id, name, fee, active });
        return practitioner;
    }

    /// <summary>A client whom the practitioner treats from the first day on.</summary>
    /// <param name="ended">The first day on which they are not treated any more.</param>
    public async Task<Guid> AddClientAsync(
        Guid practitioner, string name, string status = "active", string started = "2026-01-01", string? ended = null, string goals = "[]")
    {
        var client = Guid.CreateVersion7();
        await factory.ExecuteAsync(
            """
            insert into clients
                (id, practice_id, practitioner_id, name, search_name, status, pronouns, date_of_birth, email, phone, started_at,
                 presenting_concerns, goals, notes, created_at)
            values (@client, @id, @practitioner, @name, lower(@name), @status, '', '1990-01-01', '', '', @started, 'Sleep', @goals, '', '2026-01-01');
            insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, ended_on, created_at, version)
            values (uuid(), @id, @client, @practitioner, 'main', @started, @ended, '2026-01-01', 1)
            """,
            new { client, id, practitioner, name, status, started, ended, goals });
        return client;
    }

    public async Task<Guid> AddSessionAsync(
        Guid client, Guid practitioner, string startedAt, string status = "held", string title = "Meeting", int seconds = 3000)
    {
        var session = Guid.CreateVersion7();
        await factory.ExecuteAsync(
            """
            insert into clinical_sessions
                (id, practice_id, client_id, practitioner_id, title, started_at, duration_seconds, total_segments, status, created_at)
            values (@session, @id, @client, @practitioner, @title, @startedAt, @seconds, 0, @status, '2026-01-01')
            """,
            new { session, id, client, practitioner, title, startedAt = Parse(startedAt), seconds, status });
        return session;
    }

    public async Task<Guid> AddHomeworkAsync(
        Guid client, Guid practitioner, string assignedAt, string title = "Walk", string status = "active", int wanted = 1, int submitted = 0)
    {
        var assignment = Guid.CreateVersion7();
        await factory.ExecuteAsync(
            """
            insert into homework_assignments
                (id, practice_id, client_id, practitioner_id, title, instructions, questions, status, submissions_wanted, submission_count,
                 assigned_at, version)
            values (@assignment, @id, @client, @practitioner, @title, '', '[]', @status, @wanted, @submitted, @assignedAt, 1)
            """,
            new { assignment, id, client, practitioner, title, status, wanted, submitted, assignedAt = Parse(assignedAt) });
        return assignment;
    }

    public async Task<Guid> AddResultAsync(Guid assignment, Guid client, string submittedAt, int? score = null, string? feedbackAt = null)
    {
        var result = Guid.CreateVersion7();
        await factory.ExecuteAsync(
            """
            insert into homework_results
                (id, practice_id, assignment_id, client_id, practitioner_id, answers, score, maximum_score, submitted_at, feedback_at, version)
            select @result, @id, a.id, @client, a.practitioner_id, '[]', @score, @maximum, @submittedAt, @feedbackAt, 1
            from homework_assignments a
            where a.id = @assignment
            """,
            new
            {
                result,
                id,
                assignment,
                client,
                score,
                maximum = score is null ? (int?)null : 20,
                submittedAt = Parse(submittedAt),
                feedbackAt = feedbackAt is null ? (DateTimeOffset?)null : Parse(feedbackAt),
            });
        return result;
    }

    public async Task<Guid> AddMoodAsync(Guid client, string recordedAt, int scale, string mood = "fine")
    {
        var entry = Guid.CreateVersion7();
        await factory.ExecuteAsync(
            """
            insert into mood_entries (id, practice_id, client_id, mood, scale, recorded_at, created_at)
            values (@entry, @id, @client, @mood, @scale, @recordedAt, '2026-01-01')
            """,
            new { entry, id, client, mood, scale, recordedAt = Parse(recordedAt) });
        return entry;
    }

    public async Task<HttpClient> SignInAsync(UserRole role, Guid? profile = null, Guid? clientId = null)
    {
        var issuer = factory.Services.GetRequiredService<TokenIssuer>();
        var user = new User(Guid.CreateVersion7(), id, "x@practice.example", role, "X", profile, clientId, CustomerId: null);
        var token = role is UserRole.Service
            ? await issuer.IssueServiceTokenAsync(user.Id, id, CancellationToken.None)
            : await issuer.IssueAccessTokenAsync(user, Guid.CreateVersion7(), CancellationToken.None);
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return client;
    }

    private static DateTimeOffset Parse(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The service at a time that a test sets before it does anything else.</summary>
public sealed class ClockedFactory : ApiFactory
{
    private readonly SetTime _time = new();

    public DateTimeOffset Now
    {
        get => _time.Now;
        set => _time.Now = value;
    }

    protected override TimeProvider Time => _time;

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

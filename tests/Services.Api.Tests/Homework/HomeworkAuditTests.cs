using System.Net;
using AiPlatform.Services.Api.Tests.Audit;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Homework;

public sealed class HomeworkAuditTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Writes_OfHomeworkAndMood_AreEachRecordedOnceAndRefusedOnesNot()
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "homework-1");
        maya.DefaultRequestHeaders.Add("X-Correlation-Id", "homework-1");
        var key = NewKey();

        var assignment = (await nora.AssignAsync("""{"title":"x"}""")).Id();
        var path = $"/api/v1/homework/assignments/{assignment}";
        await (await nora.WriteAsync(HttpMethod.Put, path, """{"title":"y","status":"active"}""", ifMatch: "\"1\"")).ReadAsync(HttpStatusCode.OK);
        await (await nora.WriteAsync(HttpMethod.Put, path, """{"title":"z","status":"active"}""", ifMatch: "\"1\"")).ReadAsync(HttpStatusCode.PreconditionFailed);
        var result = (await (await maya.SubmitAsync(assignment, "{}", key)).ReadAsync(HttpStatusCode.Created)).Id();
        await (await maya.SubmitAsync(assignment, "{}", key)).ReadAsync(HttpStatusCode.OK);
        await (await maya.SubmitAsync(assignment, "{}")).ReadAsync(HttpStatusCode.Conflict);
        await (await nora.WriteAsync(HttpMethod.Put, $"/api/v1/homework/results/{result}/feedback", """{"feedback":"x"}""", ifMatch: "*")).ReadAsync(HttpStatusCode.OK);
        var mood = (await (await maya.WriteAsync(HttpMethod.Post, "/api/v1/me/mood", """{"mood":"x","scale":5}""", key: NewKey())).ReadAsync(HttpStatusCode.Created)).Id();

        Assert.Equal(
            $"""
            practitioner homework.assigned homework {assignment} success
            practitioner homework.changed homework {assignment} success
            client homework.submitted homework_result {result} success
            practitioner homework.feedback_given homework_result {result} success
            client mood.recorded mood {mood} success
            """,
            await factory.ReadAsync<string>(
                """
                select group_concat(concat_ws(' ', role, action, record_type, record_id, outcome) order by sequence_number separator '\n')
                from audit_events where correlation_id = 'homework-1'
                """));
    }
}

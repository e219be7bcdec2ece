using System.Net;
using System.Text.Json.Nodes;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Homework;

public sealed class HomeworkResultTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Questions =
        """
        "questions":[{"text":"Down?","kind":"scale","minimum":0,"maximum":3},{"text":"Tired?","kind":"scale","minimum":1,"maximum":5,"required":false},
                     {"text":"Where?","kind":"choice","options":["home","work"]},{"text":"What helped?","kind":"text","required":false}]
        """;

    private const string Answers =
        """{"answers":[{"questionId":"q3","text":"work"},{"questionId":"q1","value":2},{"questionId":"q4","text":" A walk <i>"}],"comment":"It rained."}""";

    [Fact]
    public async Task Submit_Answers_ScoredAndReadByThePractice()
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        var assignment = (await nora.AssignAsync($$"""{"title":"Week one",{{Questions}}}""")).Id();

        var response = await maya.SubmitAsync(assignment, Answers);
        var submitted = await response.ReadAsync(HttpStatusCode.Created);
        var read = await nora.GetJsonAsync($"/api/v1/homework/results/{submitted.Id()}?includeQuestions=false");
        var withQuestions = await nora.GetJsonAsync($"/api/v1/homework/results/{submitted.Id()}");

        Assert.Equal(($"/api/v1/homework/results/{submitted.Id()}", "\"1\""), (response.Headers.Location!.OriginalString, response.Headers.ETag!.ToString()));
        Assert.Equal(submitted.GetRawText(), read.GetRawText());
        Assert.Equal(["q1", "q2", "q3", "q4"], withQuestions.GetProperty("questions").EnumerateArray().Select(question => question.Id()));
        var body = JsonNode.Parse(read.GetRawText())!.AsObject();
        Assert.True(body.Remove("id") && body.Remove("submittedAt"));
        Assert.Equal(
            $$"""
            {"assignmentId":"{{assignment}}","clientId":"0a000000-0000-7000-8000-000000000301","assignmentTitle":"Week one",
             "answers":[{"questionId":"q1","value":2},{"questionId":"q3","text":"work"},{"questionId":"q4","text":"A walk <i>"}],
             "comment":"It rained.","score":2,"maximumScore":8,"feedback":null,"feedbackAt":null}
            """,
            body.ToJsonString(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Submit_AsOftenAsWanted_CompletesTheAssignment()
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        var path = $"/api/v1/homework/assignments/{(await nora.AssignAsync("""{"title":"Twice","submissionsWanted":2}""")).Id()}";

        var first = (await (await maya.SubmitAsync(path[^36..], "{}")).ReadAsync(HttpStatusCode.Created)).Id();
        var between = await nora.GetJsonAsync(path);
        var second = (await (await maya.SubmitAsync(path[^36..], "{}")).ReadAsync(HttpStatusCode.Created)).Id();
        await (await maya.SubmitAsync(path[^36..], "{}")).AssertProblemAsync(HttpStatusCode.Conflict, "homework.completed");
        var completed = await nora.GetAsync(path);

        Assert.Equal(("active", 1, "Null"), (Status(between), Count(between), $"{between.GetProperty("completedAt").ValueKind}"));
        var after = await completed.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(("completed", 2, "String", "\"3\""), (Status(after), Count(after), $"{after.GetProperty("completedAt").ValueKind}", $"{completed.Headers.ETag}"));
        Assert.Equal([second, first], await nora.ReadPagesAsync($"{path}/results?limit=1"));
        await (await nora.WriteAsync(HttpMethod.Put, path, """{"title":"x","status":"active"}""", ifMatch: "*"))
            .AssertProblemAsync(HttpStatusCode.Conflict, "homework.completed");

        static string Status(System.Text.Json.JsonElement assignment) => assignment.GetProperty("status").GetString()!;
        static int Count(System.Text.Json.JsonElement assignment) => assignment.GetProperty("submissionCount").GetInt32();
    }

    [Fact]
    public async Task Submit_TwelveTwins_MakeOneRow()
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        var assignment = (await nora.AssignAsync("""{"title":"Often","submissionsWanted":100}""")).Id();
        var key = NewKey();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => maya.SubmitAsync(assignment, "{}", key))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.OK, 11)],
            responses.Select(response => response.StatusCode).OrderDescending());
        Assert.Single(await nora.ReadPagesAsync($"/api/v1/homework/assignments/{assignment}/results?limit=100"));
    }

    [Fact]
    public async Task Submit_TwelveKeysForOnePlace_OneGetsIt()
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        var assignment = (await nora.AssignAsync("""{"title":"Once"}""")).Id();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => maya.SubmitAsync(assignment, "{}"))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 11)],
            responses.Select(response => response.StatusCode).Order());
        Assert.Single(await nora.ReadPagesAsync($"/api/v1/homework/assignments/{assignment}/results?limit=100"));
    }

    [Fact]
    public async Task Submit_RefusedForATime_TheKeyStaysFree()
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        var path = $"/api/v1/homework/assignments/{(await nora.AssignAsync("""{"title":"x"}""")).Id()}";
        var key = NewKey();
        await nora.WriteAsync(HttpMethod.Put, path, """{"title":"x","status":"cancelled"}""", ifMatch: "*");

        await (await maya.SubmitAsync(path[^36..], "{}", key)).AssertProblemAsync(HttpStatusCode.Conflict, "homework.cancelled");
        await nora.WriteAsync(HttpMethod.Put, path, """{"title":"x","status":"active"}""", ifMatch: "*");

        await (await maya.SubmitAsync(path[^36..], "{}", key)).ReadAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("{}", "answers", "homework.answer_missing")]
    [InlineData("""{"answers":[{"questionId":"q1","value":1},{"questionId":"q3","text":"home"},{"questionId":"q9","value":1}]}""", "answers[2].questionId", "homework.question_unknown")]
    [InlineData("""{"answers":[{"questionId":"q1","value":1},{"questionId":"q3","text":"home"},null]}""", "answers[2].questionId", "homework.question_unknown")]
    [InlineData("""{"answers":[{"questionId":"q1","value":1},{"questionId":"q3","text":"home"},{"questionId":"q1","value":2}]}""", "answers[2].questionId", "homework.answered_twice")]
    [InlineData("""{"answers":[{"questionId":"q1","value":4},{"questionId":"q3","text":"home"}]}""", "answers[0].value", "number.out_of_range")]
    [InlineData("""{"answers":[{"questionId":"q1"},{"questionId":"q3","text":"home"}]}""", "answers[0].value", "number.out_of_range")]
    [InlineData("""{"answers":[{"questionId":"q1","value":1,"text":"1"},{"questionId":"q3","text":"home"}]}""", "answers[0].text", "homework.answer_invalid")]
    [InlineData("""{"answers":[{"questionId":"q1","value":1},{"questionId":"q3","text":"moon"}]}""", "answers[1].text", "homework.answer_invalid")]
    [InlineData("""{"answers":[{"questionId":"q1","value":1},{"questionId":"q3","text":"home"},{"questionId":"q4","value":1,"text":"x"}]}""", "answers[2].value", "homework.answer_invalid")]
    public async Task Submit_AnswersThatDoNotFit_TellsTheFieldAndStoresNothing(string json, string field, string fault)
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        var assignment = (await nora.AssignAsync($$"""{"title":"Week one",{{Questions}}}""")).Id();

        var problem = await (await maya.SubmitAsync(assignment, json)).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal(
            ("homework.invalid", field, fault),
            (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString(),
                problem.GetProperty("errors")[0].GetProperty("code").GetString()));
        Assert.Empty(await nora.ReadPagesAsync($"/api/v1/homework/assignments/{assignment}/results?limit=100"));
    }

    [Fact]
    public async Task Feedback_OnTheVersionRead_ReachesTheClient()
    {
        var (nora, maya) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.MayaLindqvist));
        var assignment = (await nora.AssignAsync("""{"title":"x"}""")).Id();
        var path = $"/api/v1/homework/results/{(await (await maya.SubmitAsync(assignment, "{}")).ReadAsync(HttpStatusCode.Created)).Id()}";
        const string Feedback = """{"feedback":"Well kept."}""";

        await (await nora.WriteAsync(HttpMethod.Put, $"{path}/feedback", Feedback)).AssertProblemAsync((HttpStatusCode)428, "precondition.required");
        await (await nora.WriteAsync(HttpMethod.Put, $"{path}/feedback", Feedback, ifMatch: "\"9\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        await (await maya.WriteAsync(HttpMethod.Put, $"{path}/feedback", Feedback, ifMatch: "\"1\"")).AssertProblemAsync(HttpStatusCode.Forbidden, "homework.assign_forbidden");
        var given = await nora.WriteAsync(HttpMethod.Put, $"{path}/feedback", Feedback, ifMatch: "\"1\"");
        var read = await maya.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, "\"2\"", "\"2\""), (given.StatusCode, given.Headers.ETag!.ToString(), read.Headers.ETag!.ToString()));
        Assert.Equal("Well kept.", (await read.ReadAsync(HttpStatusCode.OK)).GetProperty("feedback").GetString());
        Assert.True((await nora.GetJsonAsync($"/api/v1/homework/assignments/{assignment}/results")).GetProperty("items")[0].GetProperty("hasFeedback").GetBoolean());
    }

    [Fact]
    public async Task Results_ThoseWhoTreatNobody_Forbidden()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        const string Assignment = "0a000000-0000-7000-8000-000000000601";

        await (await reception.GetAsync($"/api/v1/homework/assignments/{Assignment}/results")).AssertProblemAsync(HttpStatusCode.Forbidden, "homework.results_forbidden");
        await (await reception.GetAsync("/api/v1/homework/results/0a000000-0000-7000-8000-000000000701")).AssertProblemAsync(HttpStatusCode.Forbidden, "homework.results_forbidden");
        await (await reception.SubmitAsync(Assignment, "{}")).AssertProblemAsync(HttpStatusCode.Forbidden, "homework.submit_forbidden");
        await (await nora.SubmitAsync(Assignment, "{}")).AssertProblemAsync(HttpStatusCode.Forbidden, "homework.submit_forbidden");
    }
}

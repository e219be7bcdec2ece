using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Chat.Usage.Budgets;

internal static class BudgetEndpoints
{
    private const int MaxLimit = 500;
    private const string OfOne = "/{scope:regex(^(practice|user|key)$)}/{subjectId:guid}/{period:regex(^(day|month)$)}";

    public static RouteGroupBuilder MapBudgets(this RouteGroupBuilder group)
    {
        group.WithTags("Budgets");
        group.MapGet("/", ListAsync).WithName("ListBudgets");
        group.MapGet("/alerts", ListAlertsAsync).WithName("ListBudgetAlerts");
        group.MapGet(OfOne, GetAsync).WithName("GetBudget");
        group.MapPut(OfOne, PutAsync).WithName("PutBudget");
        group.MapDelete(OfOne, DeleteAsync).WithName("DeleteBudget");
        return group;
    }

    /// <summary>The practice's budgets, with what is spent of each in the period that is now.</summary>
    internal static async Task<JsonHttpResult<BudgetListResponse>> ListAsync(
        BudgetService budgets, CurrentUser user, [StringLength(600)] string? cursor, CancellationToken cancellationToken, [Range(1, MaxLimit)] int limit = 100) =>
        TypedResults.Json(await budgets.ListAsync(user, cursor, limit, cancellationToken), BudgetJsonContext.Default.BudgetListResponse);

    /// <summary>The thresholds that the practice's budgets reached, newest first.</summary>
    internal static async Task<JsonHttpResult<BudgetAlertListResponse>> ListAlertsAsync(
        BudgetService budgets, CurrentUser user, Guid? cursor, CancellationToken cancellationToken, [Range(1, MaxLimit)] int limit = 100) =>
        TypedResults.Json(await budgets.ListAlertsAsync(user, cursor, limit, cancellationToken), BudgetJsonContext.Default.BudgetAlertListResponse);

    internal static async Task<JsonHttpResult<BudgetResponse>> GetAsync(
        string scope, Guid subjectId, string period, BudgetService budgets, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        var (budget, version) = await budgets.GetAsync(BudgetService.KeyOf(user, scope, subjectId), period, cancellationToken);
        return ToResult(context, budget, version);
    }

    /// <summary>Sets the budget. It counts from the beginning of the period that is now.</summary>
    /// <param name="ifMatch">The ETag that was read; needed where there is a budget already.</param>
    internal static async Task<JsonHttpResult<BudgetResponse>> PutAsync(
        string scope, Guid subjectId, string period, [FromHeader(Name = "If-Match")] string? ifMatch, JsonBody<BudgetRequest> body, BudgetService budgets, CurrentUser user,
        HttpContext context, CancellationToken cancellationToken)
    {
        // Who may not is told that first.
        var key = BudgetService.KeyOf(user, scope, subjectId);
        var request = await body.ReadAsync(cancellationToken);
        var (budget, version) = await budgets.PutAsync(user, key, period, request, ifMatch, cancellationToken);
        return ToResult(context, budget, version);
    }

    internal static async Task<NoContent> DeleteAsync(
        string scope, Guid subjectId, string period, [FromHeader(Name = "If-Match")] string? ifMatch, BudgetService budgets, CurrentUser user, CancellationToken cancellationToken)
    {
        var key = BudgetService.KeyOf(user, scope, subjectId);
        await budgets.DeleteAsync(user, key, period, IfMatch.Read(ifMatch), cancellationToken);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<BudgetResponse> ToResult(HttpContext context, BudgetResponse budget, int version)
    {
        context.Response.Headers.ETag = IfMatch.TagOf(version);
        return TypedResults.Json(budget, BudgetJsonContext.Default.BudgetResponse);
    }
}

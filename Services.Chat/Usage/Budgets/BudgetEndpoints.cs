using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using Microsoft.AspNetCore.Http.HttpResults;

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

    /// <summary>Sets the budget, whether there was one or not. It counts from the beginning of the period that is now.</summary>
    internal static async Task<JsonHttpResult<BudgetResponse>> PutAsync(
        string scope, Guid subjectId, string period, JsonBody<BudgetRequest> body, BudgetService budgets, CurrentUser user, CancellationToken cancellationToken)
    {
        // Who may not is told that first.
        var key = BudgetService.KeyOf(user, scope, subjectId);
        var request = await body.ReadAsync(cancellationToken);
        return TypedResults.Json(await budgets.PutAsync(key, period, request, cancellationToken), BudgetJsonContext.Default.BudgetResponse);
    }

    internal static async Task<NoContent> DeleteAsync(
        string scope, Guid subjectId, string period, BudgetService budgets, CurrentUser user, CancellationToken cancellationToken)
    {
        await budgets.DeleteAsync(BudgetService.KeyOf(user, scope, subjectId), period, cancellationToken);
        return TypedResults.NoContent();
    }
}

using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Documents.Templates;

internal static class TemplateEndpoints
{
    public static RouteGroupBuilder MapTemplates(this RouteGroupBuilder group)
    {
        group.WithTags("Templates");
        group.MapGet("/", ListAsync).WithName("ListTemplates");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetTemplate");
        group.MapPost("/", AddAsync).WithName("AddTemplate");
        group.MapPut("/{id:guid}", UpdateAsync).WithName("UpdateTemplate");
        group.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteTemplate");
        return group;
    }

    private static async Task<Ok<TemplateListResponse>> ListAsync(
        ITemplateStore store, CurrentUser user, CancellationToken cancellationToken,
        string templateType = "all", [StringLength(TemplateRules.MaxNameLength)] string? searchQuery = null)
    {
        var type = ParseType(templateType);
        var search = string.IsNullOrWhiteSpace(searchQuery) ? null : searchQuery.Trim();
        var templates = await store.ListAsync(user.PracticeId, user.UserId, type, search, cancellationToken);
        return TypedResults.Ok(new TemplateListResponse([.. templates.Select(ToResponse)]));
    }

    private static async Task<Ok<TemplateResponse>> GetAsync(
        Guid id, ITemplateStore store, CurrentUser user, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToResponse(await store.FindAsync(user.PracticeId, user.UserId, id, cancellationToken) ?? throw NotFound()));

    private static async Task<Created<TemplateResponse>> AddAsync(
        TemplateRequest request, TemplateService templates, CurrentUser user, CancellationToken cancellationToken)
    {
        var template = await templates.AddAsync(user, request, cancellationToken);
        return TypedResults.Created($"/api/v1/templates/{template.Id}", ToResponse(template));
    }

    private static async Task<Ok<TemplateResponse>> UpdateAsync(
        Guid id, TemplateRequest request, TemplateService templates, CurrentUser user, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToResponse(await templates.UpdateAsync(user, id, request, cancellationToken) ?? throw NotFound()));

    private static async Task<NoContent> DeleteAsync(
        Guid id, TemplateService templates, CurrentUser user, CancellationToken cancellationToken) =>
        await templates.DeleteAsync(user, id, cancellationToken) ? TypedResults.NoContent() : throw NotFound();

    private static TemplateType? ParseType(string templateType) => templateType.ToLowerInvariant() switch
    {
        "all" or "" => null,
        "private" => TemplateType.Private,
        "clinic" => TemplateType.Clinic,
        "public" => TemplateType.Public,
        _ => throw new DomainException(
            DomainErrorKind.Invalid, "template.unknown_type", "templateType is all, private, clinic or public."),
    };

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "template.not_found", "There is no such template.");

    private static TemplateResponse ToResponse(Template template) => new(
        template.Id, template.Name, template.Description, template.Type, template.Content, TemplateVariables.NamesIn(template.Content));
}

using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Documents.Templates;

/// <summary>Who may write which template, and what it must look like.</summary>
internal sealed partial class TemplateService(ITemplateStore store, ILogger<TemplateService> logger)
{
    public async Task<Template> AddAsync(CurrentUser user, TemplateRequest request, CancellationToken cancellationToken)
    {
        CheckMayWrite(user, request.Type);
        TemplateRules.Check(request.Name, request.Content);

        var template = ToTemplate(Guid.CreateVersion7(), request);
        await store.AddAsync(user.PracticeId, user.UserId, template, cancellationToken);

        LogAdded(template.Id, template.Type);
        return template;
    }

    /// <returns>Null when the user sees no such template.</returns>
    public async Task<Template?> UpdateAsync(CurrentUser user, Guid id, TemplateRequest request, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(user.PracticeId, user.UserId, id, cancellationToken) is not { } current)
        {
            return null;
        }

        CheckMayWrite(user, current.Type);
        CheckMayWrite(user, request.Type);
        TemplateRules.Check(request.Name, request.Content);

        var template = ToTemplate(id, request);
        return await store.UpdateAsync(user.PracticeId, user.UserId, template, cancellationToken) ? template : null;
    }

    public async Task<bool> DeleteAsync(CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(user.PracticeId, user.UserId, id, cancellationToken) is not { } current)
        {
            return false;
        }

        CheckMayWrite(user, current.Type);
        return await store.DeleteAsync(user.PracticeId, user.UserId, id, cancellationToken);
    }

    private static void CheckMayWrite(CurrentUser user, TemplateType type)
    {
        if (type == TemplateType.Public)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "template.read_only", "Templates shipped with the product cannot be changed.");
        }

        if (type == TemplateType.Clinic && user.Role is not (UserRole.Owner or UserRole.Admin))
        {
            throw new DomainException(DomainErrorKind.Forbidden, "template.forbidden", "Templates of the whole practice are kept by its owner.");
        }
    }

    private static Template ToTemplate(Guid id, TemplateRequest request) =>
        new(id, request.Name.Trim(), request.Description?.Trim() ?? "", request.Type, request.Content);

    [LoggerMessage(LogLevel.Information, "Added template {TemplateId} of type {TemplateType}.")]
    private partial void LogAdded(Guid templateId, TemplateType templateType);
}

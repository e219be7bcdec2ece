using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Local;

/// <summary>The tools of the assistant as a model sees them, and the rule which page offers which.</summary>
internal static class DeclaredTools
{
    private static readonly AIFunctionDeclaration[] All =
    [
        Declare("search_clients", "Find clients by name or id; gives client_id for later calls.", """{"query":{"type":"string"},"limit":{"type":"integer"}}""", "query"),
        Declare("get_client_summary", "Non-conversation summary of a client: status, notes, recent sessions, progress.", """{"client_id":{"type":"string"},"include_recent_sessions":{"type":"boolean"}}""", "client_id"),
        Declare("search_sessions", "Find transcription sessions by client, date or keywords, newest first; gives session_id for later calls.", """{"client_name":{"type":"string"},"client_id":{"type":"string"},"date_from":{"type":"string"},"date_to":{"type":"string"},"keywords":{"type":"string"},"limit":{"type":"integer"}}"""),
        Declare("load_session", "Load a session with its transcript segments.", """{"session_id":{"type":"string"},"client_id":{"type":"string"},"include_segments":{"type":"boolean"}}""", "session_id", "client_id"),
        Declare("load_session_direct", "Open one session as a tab in the user interface.", """{"session_id":{"type":"string"},"client_id":{"type":"string"},"client_name":{"type":"string"},"recording_date":{"type":"string"},"duration":{"type":"number"},"total_segments":{"type":"integer"},"average_confidence":{"type":"number"}}""", "session_id", "client_id", "client_name", "recording_date", "duration", "total_segments", "average_confidence"),
        Declare("get_templates", "List the templates of the practice.", """{"template_type":{"type":"string","enum":["all","private","clinic","public"]},"search_query":{"type":"string"}}"""),
        Declare("select_template_by_name", "Find a template by its name (case-insensitive, partial) and select it.", """{"template_name":{"type":"string"}}""", "template_name"),
        Declare("check_document_readiness", "Tell what is missing before a document can be generated: template, sessions, client.", "{}"),
        Declare("generate_document_from_loaded", "Generate a document with the given template text and the loaded sessions.", """{"template_content":{"type":"string"},"template_name":{"type":"string"},"document_name":{"type":"string"},"generation_instructions":{"type":"string"},"sessions":{"type":"array","items":{"type":"string"}}}""", "template_content"),
        Declare("generate_document_auto", "Generate a document with the selected template and the loaded sessions.", """{"document_name":{"type":"string"},"generation_instructions":{"type":"string"}}"""),
        Declare("refine_document", "Make a new version of a generated document by instruction.", """{"document_id":{"type":"string"},"refinement_instructions":{"type":"string"},"new_document_name":{"type":"string"}}""", "document_id", "refinement_instructions"),
    ];

    public static List<AITool> Offer(string pageType, bool canGenerate, bool hasDocument) =>
    [
        .. All.Where(tool => tool.Name switch
        {
            "load_session_direct" => pageType is "transcribe_page" or "client_details" or "sessions_list",
            "select_template_by_name" => pageType is "transcribe_page" or "session_viewer",
            "generate_document_from_loaded" => pageType is "transcribe_page",
            "generate_document_auto" => canGenerate,
            "refine_document" => hasDocument,
            _ => true,
        }),
    ];

    private static AIFunctionDeclaration Declare(string name, string description, string properties, params string[] required) =>
        AIFunctionFactory.CreateDeclaration(
            name,
            description,
            JsonElement.Parse($$"""{"type":"object","properties":{{properties}},"required":{{JsonSerializer.Serialize(required)}}}"""));
}

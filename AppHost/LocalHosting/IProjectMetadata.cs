using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;
}

/// <summary>Project metadata that knows where its built assembly is, instead of the AppHost's assembly metadata.</summary>
internal interface IBuiltProjectMetadata : IProjectMetadata
{
    string TargetPath { get; }
}

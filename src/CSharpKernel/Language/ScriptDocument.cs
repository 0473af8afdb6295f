using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CSharpKernel.Language;

/// <summary>A text as Roslyn's services want it: a document of a script's project.</summary>
internal static class ScriptDocument
{
    /// <summary>How cells are parsed.</summary>
    public static readonly CSharpParseOptions Script = new(kind: SourceCodeKind.Script);

    /// <summary>A document of a project of its own, which the workspace does not keep.</summary>
    public static Document Of(AdhocWorkspace workspace, string text, IEnumerable<MetadataReference> references, IEnumerable<string> usings)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: usings, allowUnsafe: true);
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        return workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(project, VersionStamp.Default, "cells", "cells", LanguageNames.CSharp,
                compilationOptions: options, parseOptions: Script, metadataReferences: references, isSubmission: true))
            .AddDocument(DocumentInfo.Create(document, "cell", sourceCodeKind: SourceCodeKind.Script,
                loader: TextLoader.From(TextAndVersion.Create(SourceText.From(text), VersionStamp.Default))))
            .GetDocument(document)!;
    }
}

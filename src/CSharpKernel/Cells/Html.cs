using System.Text.Json.Nodes;
using CSharpKernel.Display;

namespace CSharpKernel.Cells;

/// <summary>Text that is HTML.</summary>
/// <param name="Text">The markup.</param>
public sealed record Html(string Text) : IHasMimeBundle
{
    JsonObject IHasMimeBundle.MimeBundle => new() { ["text/html"] = Text };
}

namespace CSharpKernel.Packages;

/// <summary>Packages that can't be restored.</summary>
internal sealed class PackageException(string message) : Exception(message);

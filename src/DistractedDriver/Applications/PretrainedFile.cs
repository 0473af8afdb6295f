namespace DistractedDriver.Applications;

/// <summary>A file of ImageNet's weights.</summary>
/// <param name="FileName">Its name in Keras's cache.</param>
/// <param name="Url">Where Keras publishes it; null for a file that only comes with the library.</param>
/// <param name="Md5">Its MD5, in lower-case hexadecimal digits; null where Keras gives none.</param>
/// <param name="BundledCopy">The file in the folder weights beside the library that may stand in for it, or null.</param>
internal sealed record PretrainedFile(string FileName, string? Url, string? Md5, string? BundledCopy);

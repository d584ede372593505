namespace Semblance.Recognition.Galleries;

/// <summary>How a gallery is written out.</summary>
public enum GalleryExportFormat
{
    /// <summary>A JSON object per line: first the model, then a template per line. Nothing is lost; <see cref="GalleryImporter"/> reads it back.</summary>
    JsonLines,

    /// <summary>Comma-separated values (RFC 4180) with a header, a template per row and a column per embedding value, for other programs.</summary>
    Csv,
}

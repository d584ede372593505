namespace Semblance.Recognition.Galleries;

/// <summary>What makes a template unique in a gallery.</summary>
/// <param name="Subject">The person's name.</param>
/// <param name="Digest">SHA-256 of the image file's bytes (32 bytes).</param>
public readonly record struct TemplateKey(string Subject, byte[] Digest);

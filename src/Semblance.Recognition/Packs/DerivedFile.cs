namespace Semblance.Recognition.Packs;

/// <summary>The file that was made of a pack's embedder when it was installed: without PRelu, with a card in its metadata.</summary>
/// <param name="File">Its name in the pack's folder.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hex.</param>
public sealed record DerivedFile(string File, string Sha256);

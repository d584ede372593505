namespace Semblance.Recognition.Galleries;

/// <summary>
/// How a gallery keeps its templates, as the store itself notes it. Whoever writes a template does so under <see cref="KeyId"/>, read in the
/// same transaction: so a change of keys first notes the new key and then writes the old templates again, and none is left behind.
/// </summary>
/// <param name="KeyId">The key that templates are written under, see <see cref="TemplateKeyRing.Ids"/>; null to write them in the clear.</param>
/// <param name="Partial">Whether a change from clear to encrypted has begun and not ended: some templates are still in the clear.</param>
public readonly record struct TemplateEncryption(string? KeyId, bool Partial)
{
    /// <summary>Whether every template is encrypted.</summary>
    public bool IsComplete => KeyId is not null && !Partial;

    /// <summary>Refuses a ring that lacks the key.</summary>
    /// <param name="keys">The keys at hand, or null.</param>
    /// <param name="gallery">The gallery's name, for the message.</param>
    /// <exception cref="SemblanceException">The gallery is encrypted and the key is not among them.</exception>
    public void Require(TemplateKeyRing? keys, string gallery)
    {
        if (KeyId is { } id && keys?.Contains(id) != true)
        {
            throw MissingKey(id, keys, gallery);
        }
    }

    internal static SemblanceException MissingKey(string id, TemplateKeyRing? keys, string gallery) => new(
        keys is null
            ? $"gallery {gallery} is encrypted with key {id}; give its key file (--keys FILE) or set {TemplateKeyRing.EnvironmentVariable}."
            : $"gallery {gallery} is encrypted with key {id}, which is not among the keys given ({keys}); give the file that holds it.");
}

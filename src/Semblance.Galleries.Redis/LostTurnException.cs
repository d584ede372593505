namespace Semblance.Galleries.Redis;

/// <summary>The turn to write passed to somebody else before anything was changed: the write may simply be planned anew.</summary>
internal sealed class LostTurnException(string location)
    : SemblanceException($"gallery {location}: this program was held up for so long that others wrote meanwhile; nothing of this batch was stored, do it again.");

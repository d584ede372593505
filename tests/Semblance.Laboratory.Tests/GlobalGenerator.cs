namespace Semblance.Laboratory.Tests;

/// <summary>
/// libtorch's global generator belongs to one test at a time: tests that seed it and expect the same numbers are of this collection, which
/// runs while no other test does.
/// </summary>
[CollectionDefinition(nameof(GlobalGenerator), DisableParallelization = true)]
public sealed class GlobalGenerator;

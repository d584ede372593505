using System.Runtime.CompilerServices;

namespace Semblance.Laboratory.Tests;

/// <summary>Tests run beside each other: threads of one operation would wait for each other at every barrier while other tests hold the cores.</summary>
internal static class OneThread
{
    [ModuleInitializer]
    internal static void Set() => TorchSharp.torch.set_num_threads(1);
}

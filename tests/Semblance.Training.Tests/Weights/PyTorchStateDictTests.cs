using System.Runtime.InteropServices;
using Semblance.Training.Weights;
using TorchSharp;

namespace Semblance.Training.Tests.Weights;

public sealed class PyTorchStateDictTests
{
    // Written by CPython's own pickle module, with stand-ins for torch's classes, from
    // OrderedDict(layer.weight = [3×2] with strides (1, 3), layer.bias = Parameter [3] at offset 6 of the same storage, layer.count = scalar) with _metadata.
    private const string StateDict =
        "gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQApUnEBKFgMAAAAbGF5ZXIud2VpZ2h0cQJjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3RlbnNvcl92MgpxAygoWAcAAABzdG9yYWdlcQRjdG9yY2gKRmxvYXRTdG9yYWdlCnEFWAEAAAAwcQZYBgAAAGN1ZGE6MHEHSwl0cQhRSwBLA0sChnEJSwFLA4ZxColoAClScQt0cQxScQ1YCgAAAGxheWVyLmJpYXNxDmN0b3JjaC5fdXRpbHMKX3JlYnVpbGRfcGFyYW1ldGVyCnEPaAMoKGgEaAVoBmgHSwl0cRBRSwZLA4VxEUsBhXESiWgAKVJxE3RxFFJxFYhoAClScRaHcRdScRhYCwAAAGxheWVyLmNvdW50cRloAygoaARjdG9yY2gKTG9uZ1N0b3JhZ2UKcRpYAQAAADFxG2gHSwF0cRxRSwApKYloAClScR10cR5ScR91fXEgWAkAAABfbWV0YWRhdGFxIWgAKVJxIihYAAAAAHEjfXEkWAcAAAB2ZXJzaW9ucSVLAXNYBQAAAGxheWVycSZ9cSdoJUsCc3VzYi4=";

    // The same under "state_dict", with the prefix "module.", beside numbers, a list and a bool; protocols 2 and 4.
    private const string Nested2 =
        "gAJ9cQAoWAUAAABlcG9jaHEBTSwBWAIAAABscnECRz+5mZmZmZmaWAQAAABiZXN0cQNKkO7+/1gDAAAAYmlncQSKBgAAAAAAAVgEAAAAZG9uZXEFiFgEAAAAdGFnc3EGXXEHKFgBAAAAYXEITmVYCgAAAHN0YXRlX2RpY3RxCWNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxCilScQsoWBMAAABtb2R1bGUubGF5ZXIud2VpZ2h0cQxjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3RlbnNvcl92MgpxDSgoWAcAAABzdG9yYWdlcQ5jdG9yY2gKRmxvYXRTdG9yYWdlCnEPWAEAAAAwcRBYBgAAAGN1ZGE6MHERSwl0cRJRSwBLA0sChnETSwFLA4ZxFIloCilScRV0cRZScRdYEQAAAG1vZHVsZS5sYXllci5iaWFzcRhjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3BhcmFtZXRlcgpxGWgNKChoDmgPaBBoEUsJdHEaUUsGSwOFcRtLAYVxHIloCilScR10cR5ScR+IaAopUnEgh3EhUnEiWBIAAABtb2R1bGUubGF5ZXIuY291bnRxI2gNKChoDmN0b3JjaApMb25nU3RvcmFnZQpxJFgBAAAAMXElaBFLAXRxJlFLACkpiWgKKVJxJ3RxKFJxKXV1Lg==";

    private const string Nested4 =
        "gASVrQEAAAAAAAB9lCiMBWVwb2NolE0sAYwCbHKURz+5mZmZmZmajARiZXN0lEqQ7v7/jANiaWeUigYAAAAAAAGMBGRvbmWUiIwEdGFnc5RdlCiMAWGUTmWMCnN0YXRlX2RpY3SUjAtjb2xsZWN0aW9uc5SMC09yZGVyZWREaWN0lJOUKVKUKIwTbW9kdWxlLmxheWVyLndlaWdodJSMDHRvcmNoLl91dGlsc5SMEl9yZWJ1aWxkX3RlbnNvcl92MpSTlCgojAdzdG9yYWdllIwFdG9yY2iUjAxGbG9hdFN0b3JhZ2WUk5SMATCUjAZjdWRhOjCUSwl0lFFLAEsDSwKGlEsBSwOGlIloDClSlHSUUpSMEW1vZHVsZS5sYXllci5iaWFzlGgPjBJfcmVidWlsZF9wYXJhbWV0ZXKUk5RoESgoaBJoFWgWaBdLCXSUUUsGSwOFlEsBhZSJaAwpUpR0lFKUiGgMKVKUh5RSlIwSbW9kdWxlLmxheWVyLmNvdW50lGgRKChoEmgTjAtMb25nU3RvcmFnZZSTlIwBMZRoF0sBdJRRSwApKYloDClSlHSUUpR1dS4=";

    // os.system("echo owned") inside a dictionary, protocols 2 and 4.
    private const string Evil2 = "gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQApUnEBWAEAAABhcQJjcG9zaXgKc3lzdGVtCnEDWAoAAABlY2hvIG93bmVkcQSFcQVScQZzLg==";
    private const string Evil4 = "gASVPAAAAAAAAAB9lIwKc3RhdGVfZGljdJR9lIwBYZSMBXBvc2l4lIwGc3lzdGVtlJOUjAplY2hvIG93bmVklIWUUpRzcy4=";

    private static readonly float[] s_values = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    private static readonly Dictionary<string, byte[]> s_storages = new()
    {
        ["0"] = MemoryMarshal.AsBytes(s_values.AsSpan()).ToArray(),
        ["1"] = BitConverter.GetBytes(42L),
    };

    [Theory]
    [InlineData(StateDict)]
    [InlineData(Nested2)]
    [InlineData(Nested4)]
    public void StridesOffsetsParametersWrappersAndPrefixesAreUnderstood(string pickle)
    {
        using var file = new TemporaryFile(".pth");
        PyTorchArchive.Write(file.Path, Convert.FromBase64String(pickle), s_storages);
        using PyTorchStateDict state = PyTorchStateDict.Read(file.Path);
        Assert.Equal(["layer.weight", "layer.bias", "layer.count"], state.Tensors.Keys);
        Assert.Equal([3, 2], state.Tensors["layer.weight"].shape);
        Assert.Equal([1, 4, 2, 5, 3, 6], state.Tensors["layer.weight"].data<float>().ToArray());
        Assert.Equal([7, 8, 9], state.Tensors["layer.bias"].data<float>().ToArray());
        Assert.Equal(42L, state.Tensors["layer.count"].item<long>());
        Assert.Empty(state.Tensors["layer.count"].shape);
    }

    [Theory]
    [InlineData(Evil2)]
    [InlineData(Evil4)]
    public void AFunctionThatIsNoTensorBuilderIsRefusedByName(string pickle)
    {
        using var file = new TemporaryFile(".pth");
        PyTorchArchive.Write(file.Path, Convert.FromBase64String(pickle), s_storages);
        Assert.Contains("posix.system", Refusal(file.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FloatStorage", "0", 9, 4, new long[] { 6 }, new long[] { 1 }, "outside its storage")]
    [InlineData("FloatStorage", "0", 9, -1, new long[] { 2 }, new long[] { 1 }, "outside its storage")]
    [InlineData("FloatStorage", "0", 9, 8, new long[] { 2 }, new long[] { -1 }, "outside its storage")]
    [InlineData("FloatStorage", "0", 9, 0, new long[] { 3, 3 }, new long[] { 1 }, "outside its storage")]
    [InlineData("FloatStorage", "0", 9, 0, new long[] { long.MaxValue, 4 }, new long[] { 0, 0 }, "outside its storage")]
    [InlineData("FloatStorage", "0", 9, 0, new long[] { 1L << 40 }, new long[] { 0 }, "outside its storage")]
    [InlineData("FloatStorage", "0", 10, 0, new long[] { 10 }, new long[] { 1 }, "36 bytes")]
    [InlineData("DoubleStorage", "0", 4, 0, new long[] { 4 }, new long[] { 1 }, "36 bytes")]
    [InlineData("FloatStorage", "0", long.MaxValue, 0, new long[] { 4 }, new long[] { 1 }, "36 bytes")]
    [InlineData("FloatStorage", "../9", 9, 0, new long[] { 4 }, new long[] { 1 }, "missing")]
    [InlineData("UntypedStorage", "0", 9, 0, new long[] { 4 }, new long[] { 1 }, "torch.UntypedStorage")]
    [InlineData("BoolStorage", "0", 36, 0, new long[] { 36 }, new long[] { 1 }, "true and false")]
    public void ALyingDescriptionIsRefused(string storage, string key, long elements, long offset, long[] size, long[] stride, string expected)
    {
        using var file = new TemporaryFile(".pth");
        PyTorchArchive.Write(file.Path, PyTorchArchive.OneTensor(storage, key, elements, offset, size, stride), s_storages);
        Assert.Contains(expected, Refusal(file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void APickleCutAnywhereIsRefused()
    {
        byte[] pickle = Convert.FromBase64String(StateDict);
        for (int length = 0; length < pickle.Length; length += 3)
        {
            using var file = new TemporaryFile(".pth");
            PyTorchArchive.Write(file.Path, pickle[..length], s_storages);
            Refusal(file.Path);
        }
    }

    [Fact]
    public void APickleWithAnyByteChangedNeverFailsOtherwiseThanByARefusal()
    {
        byte[] pickle = Convert.FromBase64String(StateDict);
        for (int i = 0; i < pickle.Length; i += 2)
        {
            byte[] changed = [.. pickle];
            changed[i] ^= (byte)(0x11 + i);
            using var file = new TemporaryFile(".pth");
            PyTorchArchive.Write(file.Path, changed, s_storages);
            try
            {
                PyTorchStateDict.Read(file.Path).Dispose();
            }
            catch (SemblanceException)
            {
                // Refused, as it should be; a change to a name alone may also load.
            }
        }
    }

    [Fact]
    public void AnArchiveCutInHalfIsRefused()
    {
        using var file = new TemporaryFile(".pth");
        PyTorchArchive.Write(file.Path, Convert.FromBase64String(StateDict), s_storages);
        byte[] bytes = File.ReadAllBytes(file.Path);
        File.WriteAllBytes(file.Path, bytes[..(bytes.Length / 2)]);
        Assert.Contains("truncated", Refusal(file.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a zip at all", "no zip archive")]
    [InlineData("", "no zip archive")]
    public void WhatIsNoArchiveIsRefused(string content, string expected)
    {
        using var file = new TemporaryFile(".pth");
        File.WriteAllText(file.Path, content);
        Assert.Contains(expected, Refusal(file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsNamed() => Assert.Contains("/nowhere/x.pth", Refusal("/nowhere/x.pth"), StringComparison.Ordinal);

    private static string Refusal(string path) => Assert.Throws<SemblanceException>(() => PyTorchStateDict.Read(path)).Message;
}

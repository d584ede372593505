using Semblance.Build;

namespace Semblance.Training.Tests.Build;

/// <summary>On the very library in the build output; it is relaxed there already where this system's libstdc++ is old.</summary>
public sealed class ElfVersionRelaxerTests
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Symbol = "_ZSt21ios_base_library_initv";

    [Fact]
    public void The_library_of_the_output_is_relaxed_by_one_bit_at_most_and_only_once()
    {
        byte[] before = Library();
        byte[] elf = [.. before];
        ElfVersionRelaxer.Outcome first = ElfVersionRelaxer.Relax(elf, Version, Symbol);
        Assert.Equal(first == ElfVersionRelaxer.Outcome.Relaxed ? 1 : 0, before.Zip(elf).Count(pair => pair.First != pair.Second));
        byte[] after = [.. elf];
        Assert.Equal(ElfVersionRelaxer.Outcome.AlreadyWeak, ElfVersionRelaxer.Relax(elf, Version, Symbol));
        Assert.Equal(after, elf);
    }

    [Fact]
    public void A_version_that_the_library_does_not_ask_for_needs_nothing() =>
        Assert.Equal(ElfVersionRelaxer.Outcome.NotNeeded, ElfVersionRelaxer.Relax(Library(), "GLIBCXX_9.9.9", Symbol));

    [Fact]
    public void A_version_that_other_symbols_need_is_never_relaxed()
    {
        byte[] elf = Library();
        byte[] before = [.. elf];
        var error = Assert.Throws<InvalidDataException>(() => ElfVersionRelaxer.Relax(elf, "GLIBCXX_3.4.21", Symbol));
        Assert.Contains("for real", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, elf);
    }

    [Fact]
    public void A_file_of_another_kind_or_cut_short_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => ElfVersionRelaxer.Relax(new byte[200], Version, Symbol));
        Assert.Throws<InvalidDataException>(() => ElfVersionRelaxer.Relax(Library()[..5000], Version, Symbol));
    }

    private static byte[] Library()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(path), "only the Linux build of TorchSharp has this library");
        return File.ReadAllBytes(path);
    }
}

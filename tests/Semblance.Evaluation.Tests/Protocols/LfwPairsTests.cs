using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Tests.Protocols;

public class LfwPairsTests
{
    private const string TwoFolds = "2\t1\nAnn\t1\t2\nAnn\t1\tBob\t3\nCid\t4\t5\nCid\t4\tDan Li\t12345\n";

    [Fact]
    public void The_official_form_gives_pairs_folds_and_lines()
    {
        LfwPairs pairs = Read(TwoFolds);
        Assert.Equal(2, pairs.Folds);
        Assert.Equal(
            [
                new LfwPair("Ann/Ann_0001", "Ann/Ann_0002", true, 1, 2),
                new LfwPair("Ann/Ann_0001", "Bob/Bob_0003", false, 1, 3),
                new LfwPair("Cid/Cid_0004", "Cid/Cid_0005", true, 2, 4),
                new LfwPair("Cid/Cid_0004", "Dan Li/Dan Li_12345", false, 2, 5),
            ],
            pairs.Pairs);
    }

    [Fact]
    public void Blanks_separate_as_well_as_tabs_and_line_ends_may_be_windows() =>
        Assert.Equal(Read("2 1\r\nAnn  1 2\r\n\r\nAnn 1 Bob 3\r\nCid 4 5\r\nCid 4 Eve 6\r\n").Pairs.Select(p => p.First), Read(TwoFolds).Pairs.Select(p => p.First));

    [Fact]
    public void A_header_of_one_number_means_one_fold()
    {
        LfwPairs pairs = Read("1\nAnn\t1\t2\nAnn\t1\tBob\t3\n");
        Assert.Equal((1, 2), (pairs.Folds, pairs.Pairs.Count));
    }

    [Fact]
    public void The_extended_form_gives_paths_flags_and_folds()
    {
        LfwPairs pairs = Read("a/x.png\ta/y.png\t1\nb 1/z.png\ta/y.png\t0\t2\n");
        Assert.Equal([new LfwPair("a/x.png", "a/y.png", true, 1, 1), new LfwPair("b 1/z.png", "a/y.png", false, 2, 2)], pairs.Pairs);
    }

    [Fact]
    public void People_of_folds_are_those_on_either_side()
    {
        Assert.Equal(["Ann", "Bob"], Read(TwoFolds).IdentitiesOfFolds(1).Order());
        Assert.Equal(["Ann", "Bob", "Cid", "Dan Li"], Read(TwoFolds).IdentitiesOfFolds(1, 2).Order());
        Assert.Throws<UsageException>(() => Read(TwoFolds).IdentitiesOfFolds(3));
        Assert.Throws<UsageException>(() => Read(TwoFolds).IdentitiesOfFolds());
    }

    [Theory]
    [InlineData("2 1\nAnn 1 2\nAnn 1 Bob\n", "line 3: 'Ann 1 Bob': expected a mismatched pair 'name1 n1 name2 n2' (fold 1)")]
    [InlineData("2 1\nAnn 1 x\n", "line 2: 'Ann 1 x': expected a matched pair 'name n1 n2' (fold 1)")]
    [InlineData("2 1\nAnn 1 -2\n", "line 2")]
    [InlineData("2 1\nAnn 1 Bob 2\n", "line 2: 'Ann 1 Bob 2': expected a matched pair")]
    [InlineData("1\nAnn 1 1\n", "line 2: 'Ann 1 1': expected two different images")]
    [InlineData("1\nAnn 1 2\nAnn 1 Ann 2", "line 3: 'Ann 1 Ann 2': expected two different people")]
    [InlineData("1\nAnn 1 2\nAnn 1 Bob 3\nBob 1 2\n", "line 4: 'Bob 1 2': expected the end of the file")]
    [InlineData("2 1\nAnn 1 2\nAnn 1 Bob 3\n", "ends after 2 pairs (line 3), but its header announces 2 × 2 × 1 = 4")]
    [InlineData("0 5\n", "line 1: '0 5': expected a header")]
    [InlineData("99999999999 5\n", "line 1")]
    [InlineData("10 999999999\n", "line 1")]
    [InlineData("Ann 1 2\n", "line 1: 'Ann 1 2': expected a header such as '10 300', or 'path1<TAB>path2<TAB>1'")]
    [InlineData("a\tb\t1\na\tb\t2\n", "line 2: 'a b 2': expected 'path1<TAB>path2<TAB>1'")]
    [InlineData("a\tb\t1\t0\n", "line 1")]
    [InlineData("a\tb\t1\t2\n", "holds no pair of fold 1")]
    [InlineData("a\ta\t1\n", "expected two different images")]
    [InlineData("", "is empty")]
    [InlineData("3 1\n", "ends after 0 pairs")]
    [InlineData("\u0000\u0001PNG", "line 1")]
    public void A_malformed_file_is_answered_with_its_name_and_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("pairs.txt", text);
        var e = Assert.Throws<SemblanceException>(() => LfwPairs.Read(path));
        Assert.StartsWith(path + ": ", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_missing_file_or_a_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no such pairs file", Assert.Throws<SemblanceException>(() => LfwPairs.Read(folder.File("none.txt"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<SemblanceException>(() => LfwPairs.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2\t1\nAnn\t1\t2\nAnn\t1\tBob\t3\nCid\t4\t5\nCid\t4\tDan\t12345\n")]
    [InlineData("a/x.png\ta/y.png\t1\t1\nb/z.png\ta/y.png\t0\t2\n")]
    [InlineData("Ann/Ann_0001.png\tBob/Bob_0001.png\t0\t1\n")]
    public void What_is_written_reads_back_and_keeps_its_form(string text)
    {
        using var folder = new TemporaryFolder();
        LfwPairs pairs = LfwPairs.Read(folder.Write("in.txt", text));
        pairs.Write(folder.File("out.txt"));
        Assert.Equal(text, File.ReadAllText(folder.File("out.txt")));
        Assert.Equal(pairs.Pairs, LfwPairs.Read(folder.File("out.txt")).Pairs);
    }

    [Fact]
    public void The_official_file_holds_ten_folds_of_600_pairs()
    {
        LfwPairs pairs = LfwPairs.Read(SharedFiles.FindOrSkip("data/lfw-pairs.txt"));
        Assert.Equal((10, 6000, 3000), (pairs.Folds, pairs.Pairs.Count, pairs.Pairs.Count(p => p.Same)));
        Assert.Equal(1200, pairs.OfFolds(9, 10).Count);
    }

    private static LfwPairs Read(string text)
    {
        using var folder = new TemporaryFolder();
        return LfwPairs.Read(folder.Write("pairs.txt", text));
    }
}

using Semblance.Data;
using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Tests.Protocols;

public class PairProtocolTests
{
    [Theory]
    [InlineData("{0}_{1:D4}.pgm", 2)]
    [InlineData("photo{1}.pgm", 4)]
    public void Drawn_pairs_are_balanced_distinct_right_and_read_back(string names, int fields)
    {
        using FaceFolder faces = Faces(names);
        using FaceDataset dataset = faces.Open();
        LfwPairs pairs = PairProtocol.Draw(dataset, pairsPerFold: 6, folds: 3, seed: 5);
        Assert.Equal(3, pairs.Folds);
        for (int fold = 1; fold <= 3; fold++)
        {
            Assert.Equal(6, pairs.OfFolds(fold).Count(p => p.Same));
            Assert.Equal(6, pairs.OfFolds(fold).Count(p => !p.Same));
        }

        Assert.All(pairs.Pairs, p => Assert.Equal(p.Same, p.FirstIdentity == p.SecondIdentity));
        Assert.All(pairs.Pairs, p => Assert.True(p.First != p.Second && dataset.Find(p.First) >= 0 && dataset.Find(p.Second) >= 0));
        Assert.Equal(36, pairs.Pairs.Select(p => string.Join('|', new[] { p.First, p.Second }.Order())).Distinct().Count());

        pairs.Write(faces.FileOf("pairs.txt"));
        LfwPairs read = LfwPairs.Read(faces.FileOf("pairs.txt"));
        Assert.Equal(fields, File.ReadLines(faces.FileOf("pairs.txt")).First().Split('\t').Length);
        var resolver = new Func<LfwPair, (string, string, bool, int)>(p => (Stem(p.First), Stem(p.Second), p.Same, p.Fold));
        Assert.Equal(pairs.Pairs.Select(resolver), read.Pairs.Select(resolver));

        static string Stem(string path) => Path.ChangeExtension(path, null);
    }

    [Fact]
    public void Nobody_occurs_in_two_folds()
    {
        using FaceFolder faces = Faces();
        using FaceDataset dataset = faces.Open();
        for (ulong seed = 0; seed < 20; seed++)
        {
            LfwPairs pairs = PairProtocol.Draw(dataset, 4, 3, seed);
            IReadOnlySet<string>[] people = [.. Enumerable.Range(1, 3).Select(f => pairs.IdentitiesOfFolds(f))];
            Assert.Equal(people.Sum(p => p.Count), people.SelectMany(p => p).Distinct().Count());
        }
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        using FaceFolder faces = Faces();
        using FaceDataset dataset = faces.Open();
        Assert.Equal(PairProtocol.Draw(dataset, 5, 2, 8).Pairs, PairProtocol.Draw(dataset, 5, 2, 8).Pairs);
        Assert.NotEqual(PairProtocol.Draw(dataset, 5, 2, 8).Pairs, PairProtocol.Draw(dataset, 5, 2, 9).Pairs);
    }

    [Fact]
    public void All_that_exists_can_be_drawn_and_one_more_is_refused_with_the_number()
    {
        using FaceFolder faces = Faces();
        using FaceDataset dataset = faces.Open();
        int most = PairProtocol.MaximumPairsPerFold(dataset, 3, 5);
        Assert.True(most > 6);
        Assert.Equal(most * 6, PairProtocol.Draw(dataset, most, 3, 5).Pairs.Distinct().Count());
        var e = Assert.Throws<UsageException>(() => PairProtocol.Draw(dataset, most + 1, 3, 5));
        Assert.Contains($"suffice for {most} genuine", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_impostor_pair_is_found_where_all_are_asked_for()
    {
        using var faces = new FaceFolder();
        faces.Add("Ann", 6);
        faces.Add("Bob", 3);
        using FaceDataset dataset = faces.Open();
        LfwPairs pairs = PairProtocol.Draw(dataset, 18, 1, 2);
        Assert.Equal(18, pairs.Pairs.Where(p => !p.Same).Distinct().Count());
        Assert.Equal(18, pairs.Pairs.Where(p => p.Same).Distinct().Count());
    }

    [Fact]
    public void Excluded_images_are_not_used()
    {
        using FaceFolder faces = Faces();
        using FaceDataset dataset = faces.Open();
        HashSet<string> excluded = [dataset.Images[0].Path, dataset.Images[5].Path];
        LfwPairs pairs = PairProtocol.Draw(dataset, 6, 2, 3, excluded);
        Assert.DoesNotContain(pairs.Pairs, p => excluded.Contains(p.First) || excluded.Contains(p.Second));
    }

    [Fact]
    public void Too_few_people_for_the_folds_are_counted()
    {
        using FaceFolder faces = Faces();
        using FaceDataset dataset = faces.Open();
        var e = Assert.Throws<UsageException>(() => PairProtocol.Draw(dataset, 1, 10, 1));
        Assert.Contains("has 12 people, 9 of them with two or more images", e.Message, StringComparison.Ordinal);
    }

    private static FaceFolder Faces(string names = "{0}_{1:D4}.pgm")
    {
        var faces = new FaceFolder();
        for (int i = 0; i < 12; i++)
        {
            faces.Add($"person{(char)('a' + i)}", i % 4 == 0 ? 1 : 2 + (i % 4), names);
        }

        return faces;
    }
}

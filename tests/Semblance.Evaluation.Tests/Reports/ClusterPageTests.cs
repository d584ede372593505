using System.Text.RegularExpressions;
using Semblance.Evaluation.Clustering;
using Semblance.Evaluation.Reports;

namespace Semblance.Evaluation.Tests.Reports;

public sealed partial class ClusterPageTests
{
    [Fact]
    public void The_most_frequent_name_is_the_groups_and_of_equals_the_most_typical_faces()
    {
        Assert.Equal("Ann", ClusterPage.MajorityName(Person(1, "Bob", "Ann", null, "Ann")));
        Assert.Equal("Bob", ClusterPage.MajorityName(Person(1, null, "Bob", "Ann")));
        Assert.Null(ClusterPage.MajorityName(Person(1, null, null)));
    }

    [Fact]
    public void Faces_of_another_name_are_outlined_and_those_without_a_name_are_not()
    {
        string html = Html([Person(1, "Ann", "Ann", null, "Bob"), Person(2, "Eve", "Eve")], [Face("Bob", 9)]);

        Assert.Equal(["f1-3.jpg"], Stranger().Matches(html).Select(m => m.Groups[1].Value));
        Assert.Contains("1 of another name", html, StringComparison.Ordinal);
        Assert.Contains("id=\"sheet-next\"", html, StringComparison.Ordinal);
        Assert.Contains("People in pieces", html, StringComparison.Ordinal);
        Assert.Contains("98.00", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_names_there_is_no_outline_no_score_and_no_button()
    {
        string html = Html([Person(1, null, null)], [], scores: false);

        Assert.Empty(Stranger().Matches(html));
        Assert.DoesNotContain("B-cubed", html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"sheet-next\"", html, StringComparison.Ordinal);
        Assert.Contains(">Person 1<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"alone\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_face_is_shown_once_in_order_with_the_lone_ones_last()
    {
        string html = Html([Person(1, "Ann", "Ann", "Ann"), Person(2, null, null)], [Face(null, 9), Face(null, 8)]);

        Assert.Equal(["f1-0.jpg", "f1-1.jpg", "f1-2.jpg", "f2-0.jpg", "f2-1.jpg", "f9-0.jpg", "f8-0.jpg"], Picture().Matches(html).Select(m => m.Groups[1].Value));
        Assert.Equal(7, Regex.Count(html, "loading=\"lazy\""));
        Assert.DoesNotMatch(Outside(), html);
    }

    [Fact]
    public void Names_and_paths_are_escaped()
    {
        string html = Html([new ClusteredPerson(1, 1, [new ClusteredFaceView("a.jpg", "<x>&\"y\".jpg", 1, "<b>", "../\"z\".jpg"), Face("<b>", 2)])], []);

        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<x>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"../&quot;z&quot;.jpg\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_page_cannot_hold_is_said()
    {
        var many = new ClusteredPerson(1, 1, [.. Enumerable.Repeat(Face(null, 1), ClusterPage.MostFaces - 1)]);

        string html = new ClusterPage([many, Person(2, null, null, null)], [Face(null, 3)]).ToReport().ToHtml();

        Assert.Equal(ClusterPage.MostFaces, Picture().Count(html));
        Assert.Contains("3 more of the smaller groups", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_style_of_a_part_is_in_the_head_once()
    {
        var sheet = new ContactSheet([]);
        string html = new HtmlReport("t").Add(sheet, sheet).ToHtml();

        Assert.Single(Regex.Matches(html, Regex.Escape(".sheet-bar{position")));
        Assert.True(html.IndexOf(".sheet-bar{position", StringComparison.Ordinal) < html.IndexOf("</head>", StringComparison.Ordinal));
    }

    private static string Html(ClusteredPerson[] people, ClusteredFaceView[] alone, bool scores = true) => new ClusterPage(people, alone)
    {
        Scores = scores ? new ClusterScores { PairwisePrecision = 0.98, PairwiseRecall = 0.98, BCubedPrecision = 0.9, BCubedRecall = 0.9 } : null,
        Facts = [("Model", "tiny")],
    }.ToReport().ToHtml();

    private static ClusteredPerson Person(int number, params string?[] names) =>
        new(number, 0.7, [.. names.Select((name, i) => Face(name, number, i))]);

    private static ClusteredFaceView Face(string? name, int group, int face = 0) =>
        new($"f{group}-{face}.jpg", $"{name}/{group}-{face}.png", 1 - (0.1 * face), name, null);

    [GeneratedRegex("<li class=\"stranger\"><img[^>]*src=\"([^\"]*)\"")]
    private static partial Regex Stranger();

    [GeneratedRegex("<img[^>]*src=\"([^\"]*)\"")]
    private static partial Regex Picture();

    [GeneratedRegex("(src|href)=\"(https?:)?//")]
    private static partial Regex Outside();
}

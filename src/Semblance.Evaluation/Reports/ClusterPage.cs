using Semblance.Evaluation.Clustering;

namespace Semblance.Evaluation.Reports;

/// <summary>The page of a clustering: headline, people who were torn apart, and the contact sheet, the largest group first, faces alone at the end.</summary>
public sealed class ClusterPage
{
    /// <summary>Faces that the page shows at most; beyond, browsers grow slow.</summary>
    public const int MostFaces = 20_000;

    private const int TornShown = 10;

    /// <summary>Describes the page.</summary>
    /// <param name="people">The groups, in the order to show them.</param>
    /// <param name="alone">Faces in no group.</param>
    public ClusterPage(IReadOnlyList<ClusteredPerson> people, IReadOnlyList<ClusteredFaceView> alone)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(alone);
        (People, Alone) = (people, alone);
    }

    /// <summary>The groups.</summary>
    public IReadOnlyList<ClusteredPerson> People { get; }

    /// <summary>Faces in no group.</summary>
    public IReadOnlyList<ClusteredFaceView> Alone { get; }

    /// <summary>What was clustered, in one line.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>How groups agree with names; null where there are no names.</summary>
    public ClusterScores? Scores { get; init; }

    /// <summary>What a reader needs to know of the run, as names and values.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    /// <summary>The name that most faces of a group bear; of equally frequent ones that of the most typical face. Null where no face has one.</summary>
    /// <param name="person">The group.</param>
    public static string? MajorityName(ClusteredPerson person)
    {
        ArgumentNullException.ThrowIfNull(person);

        // Grouping keeps the order of faces, the most typical first, and so does the sort among equals.
        return person.Faces.Where(face => face.Name is not null).GroupBy(face => face.Name!, StringComparer.Ordinal).OrderByDescending(names => names.Count()).FirstOrDefault()?.Key;
    }

    /// <summary>Composes the page; more parts can be added to it before it is written.</summary>
    public HtmlReport ToReport()
    {
        string?[] names = [.. People.Select(MajorityName)];
        HtmlReport page = new HtmlReport("Faces by person", Subtitle).Add(Headline(names));
        if (Scores is not null)
        {
            AddTorn(page);
            page.Add(new ReportHeading(
                "Contact sheet",
                "The largest group first; in each the most typical face, then the others by their cosine to it. Outlined in red: faces that bear another name than most of their group, "
                + "by a wrong group or by a wrong name."));
        }
        else
        {
            page.Add(new ReportHeading(
                "Contact sheet", "The largest group first; in each the most typical face, then the others by their cosine to it. Errors gather at the end of a group."));
        }

        page.Add(new ContactSheet(Sections(names, out int hidden)));
        if (hidden > 0)
        {
            page.Add(new ReportHeading(
                "Not shown", $"This page shows {HtmlText.Count(MostFaces)} faces; {HtmlText.Count(hidden)} more of the smaller groups and of those alone are in clusters.csv, with their pictures beside it."));
        }

        if (Facts.Count > 0)
        {
            page.Add(
                new ReportHeading("Run"),
                new ReportTable(["", ""], [.. Facts.Select(f => (IReadOnlyList<string>)[f.Name, f.Value])]) { TextOnly = true });
        }

        return page;
    }

    private HeadlineFigures Headline(string?[] names)
    {
        int grouped = People.Sum(person => person.Faces.Count);
        var figures = new List<HeadlineFigure>
        {
            new("Groups", HtmlText.Count(People.Count), People.Count > 0 ? $"the largest of {HtmlText.Count(People.Max(person => person.Faces.Count))} faces" : ""),
            new("Faces in groups", HtmlText.Count(grouped), $"of {HtmlText.Count(grouped + Alone.Count)}"),
            new("Alone", HtmlText.Count(Alone.Count), "in no group"),
        };
        if (Scores is { } scores)
        {
            int strangers = People.Select((person, i) => person.Faces.Count(face => IsStranger(face, names[i]))).Sum();
            figures.Add(new("B-cubed F", HtmlText.Percent(scores.BCubedF), $"precision {HtmlText.Percent(scores.BCubedPrecision)}, recall {HtmlText.Percent(scores.BCubedRecall)}"));
            figures.Add(new("Pairwise F", HtmlText.Percent(scores.PairwiseF), $"precision {HtmlText.Percent(scores.PairwisePrecision)}, recall {HtmlText.Percent(scores.PairwiseRecall)}"));
            figures.Add(new("Outlined", HtmlText.Count(strangers), "another name than most of their group"));
        }

        return new HeadlineFigures(figures);
    }

    private void AddTorn(HtmlReport page)
    {
        (string Name, int Faces, int[] Groups)[] torn =
        [
            .. People.SelectMany(person => person.Faces.Select(face => (face.Name, person.Number))).Concat(Alone.Select(face => (face.Name, Number: 0)))
                .Where(face => face.Name is not null).GroupBy(face => face.Name!, face => face.Number, StringComparer.Ordinal)
                .Select(groups => (groups.Key, groups.Count(), groups.ToArray())).Where(person => Pieces(person.Item3) > 1)
                .OrderByDescending(person => Pieces(person.Item3)).ThenByDescending(person => person.Item2).ThenBy(person => person.Key, StringComparer.Ordinal),
        ];
        if (torn.Length == 0)
        {
            return;
        }

        page.Add(
            new ReportHeading("People in pieces", $"{HtmlText.Count(torn.Length)} people whose faces are in more than one group, each face alone counting as one{(torn.Length > TornShown ? $"; the first {TornShown}" : "")}."),
            new ReportTable(
                ["", "faces", "in groups", "alone", "in the largest"],
                [.. torn.Take(TornShown).Select(person => (IReadOnlyList<string>)
                [
                    person.Name.Replace('_', ' '),
                    HtmlText.Count(person.Faces),
                    HtmlText.Count(person.Groups.Where(g => g > 0).Distinct().Count()),
                    HtmlText.Count(person.Groups.Count(g => g == 0)),
                    HtmlText.Count(person.Groups.Where(g => g > 0).CountBy(g => g).Select(g => g.Value).DefaultIfEmpty(1).Max()),
                ])]));

        static int Pieces(int[] groups) => groups.Count(g => g == 0) + groups.Where(g => g > 0).Distinct().Count();
    }

    private List<SheetGroup> Sections(string?[] names, out int hidden)
    {
        var sections = new List<SheetGroup>();
        int room = MostFaces;
        for (int i = 0; i < People.Count && room > 0; i++)
        {
            ClusteredPerson person = People[i];
            int strangers = person.Faces.Count(face => IsStranger(face, names[i]));
            string note = $"{HtmlText.Count(person.Faces.Count)} faces · mean cosine {HtmlText.Cosine(person.MeanCosine)}{(strangers > 0 ? $" · {HtmlText.Count(strangers)} of another name" : "")}";
            string title = names[i]?.Replace('_', ' ') ?? $"Person {person.Number}";
            sections.Add(new SheetGroup(
                $"person-{person.Number}",
                title,
                (names[i] is null ? "" : $"group {person.Number} · ") + note,
                [.. person.Faces.Take(room).Select(face => new SheetFace(face.Picture, face.Photo, face.Cosine, face.Name, IsStranger(face, names[i]), face.Link))]));
            room -= Math.Min(room, person.Faces.Count);
        }

        if (Alone.Count > 0 && room > 0)
        {
            sections.Add(new SheetGroup(
                "alone",
                "Alone",
                $"{HtmlText.Count(Alone.Count)} faces that go with no group",
                [.. Alone.Take(room).Select(face => new SheetFace(face.Picture, face.Photo, null, face.Name, false, face.Link))]));
        }

        hidden = Math.Max(0, People.Sum(person => person.Faces.Count) + Alone.Count - MostFaces);
        return sections;
    }

    private static bool IsStranger(ClusteredFaceView face, string? majority) => face.Name is not null && majority is not null && face.Name != majority;
}

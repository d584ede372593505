using Semblance.Data.Sampling;
using Semblance.Training.Objectives;

namespace Semblance.Training.Sampling;

/// <summary>The table of samplers. A new one adds its entry here; its batches are made by a class of Semblance.Data.</summary>
internal static class SamplerDefinitions
{
    private const string RefreshKey = "refresh_epochs";

    /// <summary>β of the ImageNet and iNaturalist runs of Cui et al. 2019.</summary>
    private const double Beta = 0.999;

    private const string BetaKey = "beta";

    /// <summary>The definitions in the order in which a person should read them.</summary>
    public static IReadOnlyList<SamplerDefinition> All { get; } =
    [
        new("shuffle", "All images in a new random order each epoch; people come as often as they have photos.", [],
            (_, context) => new ShuffleSampler(context.Labels, context.Batch, context.Seed)),
        new("pk", "Batches of P people with K photos each, all people equally often (P×K, Hermans et al. 2017).",
            [ImagesPerIdentity(2, "the stage's images_per_identity, else 4")],
            (arguments, context) =>
            {
                int images = context.Images(arguments, SamplerContext.DefaultImagesPerIdentity);
                return new PkSampler(context.Labels, context.Identities(images), images, context.Seed);
            }),
        Weighted("class-balanced", "Each person equally often, however many photos there are (for long tails).", [],
            _ => IdentityDistribution.ClassBalanced),
        Weighted("square-root", "A person with n photos comes in proportion to √n (for long tails, Mahajan et al. 2018).", [],
            _ => IdentityDistribution.SquareRoot),
        Weighted("effective-number", "A photo weighs 1 over its person's effective number of photos (for long tails, Cui et al. 2019).",
            [new RealParameter(BetaKey, Beta, 0, 1 - 1e-9, "β of eq. 2: 0 is shuffle, towards 1 is class-balanced; about 1 − 1/N where N photos of a person say all there is to say.")],
            arguments => counts => IdentityDistribution.EffectiveNumber(counts, arguments.Real(BetaKey))),
        HardIdentities(),
        new("deepid2-pairs", "Pairs of photos in rows 2i and 2i + 1, half of one person and half of two (DeepID2, Sun et al. 2014).",
            [new RealParameter("same_share", 0.5, 0, 1, "The share of pairs that show one person.")],
            (arguments, context) => new PairSampler(context.Labels, context.Batch, arguments.Real("same_share"), context.Seed)),
        FaceNetOffline(),
    ];

    private static SamplerDefinition Weighted(
        string name, string summary, IReadOnlyList<ObjectiveParameter> own, Func<ObjectiveArguments, Func<IReadOnlyList<int>, double[]>> distribution) => new(
        name,
        summary,
        [.. own, ImagesPerIdentity(1, "the stage's images_per_identity, else 4 where the loss compares photos, else 1")],
        (arguments, context) =>
        {
            int images = context.Images(arguments, otherwise: 1);
            return images == 1
                ? new WeightedSampler(context.Labels, distribution(arguments), context.Batch, context.Seed)
                : new WeightedPkSampler(context.Labels, distribution(arguments), context.Identities(images), images, context.Seed);
        });

    private static SamplerDefinition HardIdentities()
    {
        var standard = new HardIdentityOptions();
        return new SamplerDefinition(
            "hard-identities",
            "P×K batches of people whom the current model confuses: each with its nearest ones (Doppelganger mining, Smirnov et al. 2017).",
            [
                ImagesPerIdentity(2, "the stage's images_per_identity, else 4"),
                new WholeParameter("group", standard.Group, 2, int.MaxValue, "People in a group: one and its nearest; 2 in the paper."),
                new WholeParameter("neighbours", null, 1, int.MaxValue, "The others of a group are drawn among this many nearest people.", "group − 1"),
                new ChoiceParameter<CentreSource>("centres", "auto",
                    [("auto", CentreSource.Auto), ("objective", CentreSource.Objective), ("embeddings", CentreSource.Embeddings)],
                    "Where a person stands: objective = at the loss's class centre; embeddings = at the mean embedding of the photos; auto = the first where the loss has centres."),
                new WholeParameter("mean_images", null, 1, int.MaxValue, "Photos of each person that a mean embedding is taken over, drawn at random.", "all"),
                Refresh(standard.RefreshEpochs),
            ],
            (arguments, context) =>
            {
                int images = context.Images(arguments, SamplerContext.DefaultImagesPerIdentity);
                int group = arguments.Whole("group");
                CentreSource centres = arguments.Choice<CentreSource>("centres");
                if (centres == CentreSource.Objective)
                {
                    arguments.RefuseIfGiven("mean_images", "with centres: objective");
                }

                if (arguments.WholeOrNull("neighbours") < group - 1)
                {
                    throw new UsageException($"The parameter 'neighbours' of the sampler 'hard-identities' is {arguments.WholeOrNull("neighbours")}; a group of {group} needs {group - 1} or more.");
                }

                return new HardIdentitySampler(
                    context.Labels,
                    context.Identities(images),
                    images,
                    new HardIdentityOptions
                    {
                        Group = group,
                        Neighbours = arguments.WholeOrNull("neighbours"),
                        Centres = centres,
                        MeanImages = arguments.WholeOrNull("mean_images"),
                        RefreshEpochs = arguments.Whole(RefreshKey),
                    },
                    context.Seed);
            });
    }

    private static SamplerDefinition FaceNetOffline()
    {
        var standard = new OfflineTripletOptions();
        return new SamplerDefinition(
            "facenet-offline",
            "Triplets in rows 3i to 3i + 2, chosen every few epochs over a subset embedded by the current model (FaceNet, Schroff et al. 2015).",
            [
                new RealParameter("margin", standard.Margin, 0, 4, "The margin α on squared distances of unit embeddings within which negatives are looked for.", MinimumAllowed: false),
                new ChoiceParameter<OfflineNegatives>("negatives", "semi-hard",
                    [("semi-hard", OfflineNegatives.SemiHard), ("violating", OfflineNegatives.Violating), ("hardest", OfflineNegatives.Hardest)],
                    "semi-hard = one drawn among those beyond the positive, within the margin; violating = among all within the margin; hardest = the nearest, where it lies within the margin."),
                new WholeParameter("subset_identities", standard.Identities, 2, int.MaxValue, "People of the subset; all where there are fewer."),
                new WholeParameter("subset_images", standard.ImagesPerIdentity, 2, int.MaxValue, "Photos of each person in the subset at most; about 40 in the paper."),
                Refresh(standard.RefreshEpochs),
            ],
            (arguments, context) => new OfflineTripletSampler(
                context.Labels,
                context.Batch,
                new OfflineTripletOptions
                {
                    Margin = arguments.Real("margin"),
                    Negatives = arguments.Choice<OfflineNegatives>("negatives"),
                    Identities = arguments.Whole("subset_identities"),
                    ImagesPerIdentity = arguments.Whole("subset_images"),
                    RefreshEpochs = arguments.Whole(RefreshKey),
                },
                context.Seed));
    }

    private static WholeParameter ImagesPerIdentity(int minimum, string derived) => new(
        SamplerContext.ImagesPerIdentityKey, null, minimum, int.MaxValue,
        minimum == 1 ? "K of P×K batches, P being batch / K; 1 for plain batches." : "K, the photos of each person in a batch; P is batch / K.", derived);

    private static WholeParameter Refresh(int standard) => new(RefreshKey, standard, 1, int.MaxValue, "Epochs between looks at the model.");
}

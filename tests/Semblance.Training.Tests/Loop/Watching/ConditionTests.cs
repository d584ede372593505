using Semblance.Training.Loop.Watching;
using Semblance.Training.Loop.Watching.Conditions;
using static Semblance.Training.Tests.Loop.Watching.WatchRecords;

namespace Semblance.Training.Tests.Loop.Watching;

/// <summary>Each condition holds where it should, with the numbers and the remedy in its line, and not beside.</summary>
public sealed class ConditionTests
{
    [Fact]
    public void A_margin_that_holds_the_samples_is_named_with_the_share_the_angle_and_the_warm_up()
    {
        WatchRecord record = Of(Arcface, 3, ("beyond_margin", [0.97]), ("target_angle", [90.2, 90.1, 90.0]), ("update_ratio", [1e-3]));
        string line = Assert.IsType<string>(new MarginTooLarge().Seen(record));
        Assert.Contains("m = 0.5 holds 97 %", line, StringComparison.Ordinal);
        Assert.Contains("300 steps (90.0°)", line, StringComparison.Ordinal);
        Assert.Contains("--auto-warm-up", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_margin_is_not_blamed_while_angles_fall_or_nothing_moves_or_a_warm_up_is_on()
    {
        var condition = new MarginTooLarge();
        Assert.Null(condition.Seen(Of(Arcface, 3, ("beyond_margin", [0.99]), ("target_angle", [90, 88.9, 88.5]), ("update_ratio", [1e-3]))));
        Assert.Null(condition.Seen(Of(Arcface, 3, ("beyond_margin", [0.99]), ("target_angle", [90]), ("update_ratio", [1e-9]))));
        Assert.Null(condition.Seen(Of(Arcface, 3, ("beyond_margin", [0.99, 0.99, 0.5]), ("target_angle", [90]), ("update_ratio", [1e-3]))));
        Assert.Null(condition.Seen(Of(Arcface, 2, ("beyond_margin", [0.99]), ("target_angle", [90]), ("update_ratio", [1e-3]))));
        Assert.Null(condition.Seen(Of(Arcface with { RateWarmUpSteps = 50 }, 3, ("beyond_margin", [0.99]), ("target_angle", [90]))));
        Assert.Null(condition.Seen(Of(Arcface with { MarginWarmUpSteps = 400 }, 3, ("beyond_margin", [0.99]), ("target_angle", [90]))));
        Assert.Null(condition.Seen(Of(Arcface with { Margin = 0 }, 3, ("beyond_margin", [0.99]), ("target_angle", [90]))));
    }

    [Fact]
    public void An_angle_that_stays_at_ninety_degrees_without_a_margin_points_to_the_rate_or_the_frozen_trunk()
    {
        WatchRecord record = Of(Softmax, 5, ("target_angle", [89.8, 89.9, 89.7, 89.8, 89.6]));
        Assert.Contains("89.6° since 500 steps", new AngleStuck().Seen(record), StringComparison.Ordinal);
        Assert.Contains("raise the learning rate", new AngleStuck().Seen(record), StringComparison.Ordinal);
        Assert.Contains("frozen", new AngleStuck().Seen(record with { Stage = Softmax with { TrunkFrozen = true } }), StringComparison.Ordinal);
        Assert.Null(new AngleStuck().Seen(Of(Softmax, 5, ("target_angle", [89.8, 89.5, 89.3, 89.2, 89.1]))));
        Assert.Null(new AngleStuck().Seen(Of(Softmax, 5, ("target_angle", [60]))));
        Assert.Null(new AngleStuck().Seen(Of(Arcface, 5, ("target_angle", [89.9]), ("beyond_margin", [0.98]))));
    }

    [Fact]
    public void A_softmax_loss_at_ln_of_the_classes_has_learned_nothing()
    {
        string line = Assert.IsType<string>(new LossAtStart().Seen(Of(Softmax, 3, ("loss", [4.61, 4.60, 4.59]))));
        Assert.Contains("ln 100 = 4.61", line, StringComparison.Ordinal);
        Assert.Contains("semblance data inspect", line, StringComparison.Ordinal);
        Assert.Null(new LossAtStart().Seen(Of(Softmax, 3, ("loss", [4.61, 4.60, 4.40]))));
    }

    [Fact]
    public void An_arcface_loss_hangs_at_41_where_it_began_and_not_at_20()
    {
        Assert.Contains("began at 41.5", new LossAtStart().Seen(Of(Arcface, 3, ("loss", [41.3])).After(("loss", 41.5))), StringComparison.Ordinal);
        Assert.Null(new LossAtStart().Seen(Of(Arcface, 3, ("loss", [20])).After(("loss", 41.5))));
        Assert.Null(new LossAtStart().Seen(Of(Triplet, 3, ("loss", [0.2])).After(("loss", 0.2))));
    }

    [Fact]
    public void The_loss_is_not_named_beside_the_margin_that_holds_it()
    {
        WatchRecord record = Of(Arcface, 3, ("loss", [41.5]), ("beyond_margin", [1]), ("target_angle", [90]), ("update_ratio", [1e-3])).After(("loss", 41.5));
        Assert.Null(new LossAtStart().Seen(record));
        Assert.NotNull(new MarginTooLarge().Seen(record));
    }

    [Fact]
    public void Embeddings_that_all_point_the_same_way_have_collapsed()
    {
        string line = Assert.IsType<string>(new EmbeddingCollapse().Seen(Of(Triplet, 2, ("embedding_variance", [0.004, 0.003]))));
        Assert.Contains("variance over the batch is 0.0035", line, StringComparison.Ordinal);
        Assert.Contains("lower the learning rate", line, StringComparison.Ordinal);
        Assert.Null(new EmbeddingCollapse().Seen(Of(Triplet, 2, ("embedding_variance", [0.004, 0.02]))));
        Assert.Null(new EmbeddingCollapse().Seen(Of(Triplet, 2, ("loss", [1]))));
    }

    [Theory]
    [InlineData(false, 0.2, 0.2015, "the margin 0.2")]
    [InlineData(true, 0.6931, 0.695, "soft margin's value at 0")]
    public void A_triplet_loss_at_the_margin_with_equal_distances_is_a_collapse(bool soft, double level, double loss, string part)
    {
        StageFacts stage = Triplet with { SoftMargin = soft, CostOfEqualDistances = level };
        WatchRecord record = Of(stage, 3, ("loss", [loss]), ("distance_positive", [0.05]), ("distance_negative", [0.0505]));
        Assert.Contains(part, new TripletsAtMargin().Seen(record), StringComparison.Ordinal);
        Assert.Null(new TripletsAtMargin().Seen(Of(stage, 3, ("loss", [loss * 1.03]), ("distance_positive", [0.05]), ("distance_negative", [0.0505]))));
        Assert.Null(new TripletsAtMargin().Seen(Of(stage, 3, ("loss", [loss]), ("distance_positive", [0.05]), ("distance_negative", [0.2]))));
        Assert.Null(new TripletsAtMargin().Seen(Of(Softmax, 3, ("loss", [loss]), ("distance_positive", [0.05]), ("distance_negative", [0.05]))));
    }

    [Theory]
    [InlineData(900, "grown")]
    [InlineData(0.5, "fallen")]
    public void A_norm_that_runs_away_is_told_with_both_ends(double now, string word)
    {
        string line = Assert.IsType<string>(new EmbeddingNormRunaway().Seen(Of(Softmax, 2, ("embedding_norm", [now])).After(("embedding_norm", 22.6))));
        Assert.Contains($"{word} from 22.6", line, StringComparison.Ordinal);
        Assert.Contains("normalise", line, StringComparison.Ordinal);
        Assert.Null(new EmbeddingNormRunaway().Seen(Of(Softmax, 2, ("embedding_norm", [40])).After(("embedding_norm", 22.6))));
    }

    [Fact]
    public void Batches_without_two_photos_of_a_person_have_no_tuples()
    {
        Assert.Contains("images_per_identity", new NoTuples().Seen(Of(Triplet, 1, ("tuples", [0]), ("comparable_batches", [0.02]))), StringComparison.Ordinal);
        Assert.Null(new NoTuples().Seen(Of(Triplet, 1, ("tuples", [0]), ("comparable_batches", [1]))));
        Assert.Null(new NoTuples().Seen(Of(Softmax, 1, ("comparable_batches", [0.02]))));
    }

    [Fact]
    public void No_active_tuple_in_batches_that_could_be_compared_leaves_nothing_to_learn_from()
    {
        WatchRecord record = Of(Triplet, 3, ("tuples", [512]), ("active_tuples", [0.4]), ("comparable_batches", [1]));
        Assert.Contains("0.4 of 512 tuples", new NoActiveTuples().Seen(record), StringComparison.Ordinal);
        Assert.Contains("batch-hard", new NoActiveTuples().Seen(record), StringComparison.Ordinal);
        Assert.Null(new NoActiveTuples().Seen(Of(Triplet, 3, ("tuples", [512]), ("active_tuples", [3]), ("comparable_batches", [1]))));
        Assert.Null(new NoActiveTuples().Seen(Of(Triplet, 3, ("tuples", [0]), ("active_tuples", [0]), ("comparable_batches", [0]))));
    }

    [Fact]
    public void All_triplets_active_above_the_margin_without_a_fall_asks_for_semi_hard_ones()
    {
        WatchRecord record = Of(Triplet, 5, ("active_share", [1]), ("loss", [0.31, 0.31, 0.312, 0.309, 0.31]));
        Assert.Contains("semi-hard", new AllTuplesActive().Seen(record), StringComparison.Ordinal);
        Assert.Null(new AllTuplesActive().Seen(Of(Triplet, 5, ("active_share", [1]), ("loss", [0.31, 0.3, 0.29, 0.28, 0.27]))));

        // Semi-hard triplets are all active by definition and cost less than the margin.
        Assert.Null(new AllTuplesActive().Seen(Of(Triplet, 5, ("active_share", [1]), ("loss", [0.12]))));
        Assert.Null(new AllTuplesActive().Seen(record with { Stage = Triplet with { SoftMargin = true } }));
    }

    [Fact]
    public void Steps_too_large_and_too_small_are_told_with_rate_and_gradient()
    {
        (string, double[])[] figures = [("learning_rate", [0.1]), ("gradient_norm", [37])];
        string large = Assert.IsType<string>(new UpdateTooLarge().Seen(Of(Softmax, 2, [("update_ratio", [0.4]), .. figures])));
        Assert.Contains("40 % of their size (learning rate 0.1, gradient norm 37)", large, StringComparison.Ordinal);
        string small = Assert.IsType<string>(new UpdateTooSmall().Seen(Of(Softmax, 2, [("update_ratio", [2e-8]), .. figures])));
        Assert.Contains("2.0e-8 of their size", small, StringComparison.Ordinal);
        foreach (double healthy in new[] { 0.011, 1e-3, 3e-5 })
        {
            WatchRecord record = Of(Softmax, 2, [("update_ratio", [healthy]), .. figures]);
            Assert.Null(new UpdateTooLarge().Seen(record));
            Assert.Null(new UpdateTooSmall().Seen(record));
        }
    }

    [Fact]
    public void Small_steps_at_the_end_of_a_decay_are_meant() =>
        Assert.Null(new UpdateTooSmall().Seen(Of(Softmax, 2, ("update_ratio", [2e-8]), ("learning_rate", [1e-4]))));

    [Fact]
    public void A_gradient_clipped_far_down_in_every_step_is_told()
    {
        Assert.Contains("clip_norm 5", new AlwaysClipped().Seen(Of(Arcface, 3, ("clipped", [1]), ("gradient_norm", [900]))), StringComparison.Ordinal);

        // ArcFace at s = 64 is clipped all along in a run that learns well.
        Assert.Null(new AlwaysClipped().Seen(Of(Arcface, 3, ("clipped", [1]), ("gradient_norm", [30]))));
        Assert.Null(new AlwaysClipped().Seen(Of(Arcface, 3, ("clipped", [0.5]), ("gradient_norm", [900]))));
    }

    [Fact]
    public void A_scale_below_NormFaces_bound_is_told_with_the_bound()
    {
        // (C−1)/C · ln(99 · 99) = 9.1 at 100 classes.
        Assert.Contains("set scale to 10 or more", new ScaleTooSmall().Seen(Of(Arcface, 1, ("scale", [1]))), StringComparison.Ordinal);
        Assert.Null(new ScaleTooSmall().Seen(Of(Arcface, 1, ("scale", [10]))));
        Assert.Null(new ScaleTooSmall().Seen(Of(Softmax, 1, ("scale", [1]))));
    }

    [Fact]
    public void Identities_that_an_epoch_leaves_out_are_counted()
    {
        WatchRecord record = Of(Triplet, 0) with { IdentitiesInEpoch = 64 };
        Assert.Contains("36 of 100 identities (36 %)", new ClassesUnseen().Seen(record), StringComparison.Ordinal);
        Assert.Null(new ClassesUnseen().Seen(record with { IdentitiesInEpoch = 90 }));
        Assert.Null(new ClassesUnseen().Seen(record with { IdentitiesInEpoch = null }));
    }

    [Fact]
    public void Every_condition_says_nothing_where_nothing_was_seen_and_has_a_name_and_a_place_in_the_docs()
    {
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "convergence.md"));
        Assert.Equal(WatchConditions.All.Count, WatchConditions.All.Select(condition => condition.Name).Distinct().Count());
        Assert.All(WatchConditions.All, condition =>
        {
            Assert.Null(condition.Seen(new WatchRecord { Stage = Arcface }));
            Assert.Contains($"`{condition.Name}`", page, StringComparison.Ordinal);
        });
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Semblance.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Assert.IsType<string>(folder);
    }
}

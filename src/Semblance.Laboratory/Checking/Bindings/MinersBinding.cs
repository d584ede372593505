using System.Globalization;
using System.Text.RegularExpressions;
using Semblance.Training.Tuples;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Cases of miners: the tuples chosen from a batch.</summary>
internal static partial class MinersBinding
{
    public static CaseBinding BatchHard(CaseFile file, ScalarType dtype) => Bind(file, dtype, new BatchHardMiner());

    /// <summary>The rule tells the band: "d_an - d_ap &lt;= 0.2", "0 &lt; d_an^2 - d_ap^2 &lt;= 0.2".</summary>
    public static CaseBinding TripletMargin(CaseFile file, ScalarType dtype)
    {
        Match rule = BandRule().Match(file.Hyper.Text("rule"));
        if (!rule.Success)
        {
            throw file.Hyper.Refuse("rule", "a band of d_an - d_ap, for example '0 < d_an - d_ap <= 0.2'");
        }

        double margin = double.Parse(rule.Groups["margin"].ValueSpan, CultureInfo.InvariantCulture);
        TripletBand band = (rule.Groups["above"].Success, rule.Groups["sign"].Value) switch
        {
            (true, "<=") => TripletBand.SemiHard,
            (false, "<=") => margin == 0 ? TripletBand.Hard : TripletBand.Violating,
            (false, ">") => TripletBand.Easy,
            _ => throw file.Hyper.Refuse("rule", "a band that ends with '<= margin', or '> margin' alone"),
        };
        return Bind(file, dtype, new TripletBandMiner(band, margin));
    }

    /// <summary>The name tells the strategies: "batch_easy_hard_easy_semihard" for easy positives and semi-hard negatives.</summary>
    public static CaseBinding BatchEasyHard(CaseFile file, ScalarType dtype)
    {
        string[] strategies = file.Name["batch_easy_hard".Length..].Split('_', StringSplitOptions.RemoveEmptyEntries);
        return strategies.Length == 2
            ? Bind(file, dtype, new BatchEasyHardMiner(Strategy(file, strategies[0]), Strategy(file, strategies[1])))
            : throw file.Fields.Refuse("miner", "batch_easy_hard_, the positives' strategy, _, the negatives' strategy");
    }

    /// <summary>The rule tells ε: "positive kept if S_ap - 0.1 &lt; max negative similarity; …".</summary>
    public static CaseBinding MultiSimilarity(CaseFile file, ScalarType dtype)
    {
        Match rule = SlackRule().Match(file.Hyper.Text("rule"));
        return rule.Success
            ? Bind(file, dtype, new MultiSimilarityMiner(double.Parse(rule.Groups["epsilon"].ValueSpan, CultureInfo.InvariantCulture)))
            : throw file.Hyper.Refuse("rule", "'positive kept if S_ap - ε < max negative similarity; negative kept if S_an + ε > min positive similarity'");
    }

    /// <summary>A case of a miner of pairs or triplets: whichever the case expects.</summary>
    public static CaseBinding Bind(CaseFile file, ScalarType dtype, ITupleMiner<TupleSelection> miner)
    {
        CaseBinding binding = CaseBinding.WithoutLoss(file, dtype);
        if (file.Expected.Has("triplets"))
        {
            binding.Compare(_ => MinedTuples.Triplets("triplets", file, dtype, miner, file.Expected.Tuples("triplets")));
        }

        if (file.Expected.Has("positive_pairs"))
        {
            binding
                .Compare(_ => MinedTuples.Pairs("positive_pairs", file, dtype, miner, pairs => pairs.Positives, file.Expected.Tuples("positive_pairs")))
                .Compare(_ => MinedTuples.Pairs("negative_pairs", file, dtype, miner, pairs => pairs.Negatives, file.Expected.Tuples("negative_pairs")));
        }

        return binding;
    }

    private static Strategy Strategy(CaseFile file, string name) => name switch
    {
        "all" => Training.Tuples.Strategy.All,
        "easy" => Training.Tuples.Strategy.Easy,
        "hard" => Training.Tuples.Strategy.Hard,
        "semihard" => Training.Tuples.Strategy.SemiHard,
        _ => throw file.Fields.Refuse("miner", "the strategies all, easy, hard and semihard in its name"),
    };

    [GeneratedRegex(@"^positive kept if S_ap - (?<epsilon>[0-9.]+) < max negative similarity; negative kept if S_an \+ \k<epsilon> > min positive similarity$")]
    private static partial Regex SlackRule();

    [GeneratedRegex(@"^(?<above>0 < )?d_an(\^2)? - d_ap(\^2)? (?<sign><=|>) (?<margin>[0-9.]+)$")]
    private static partial Regex BandRule();
}

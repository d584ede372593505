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

    /// <summary>The case's name ends with the two strategies: "batch_easy_hard_easy_semihard".</summary>
    public static CaseBinding BatchEasyHard(CaseFile file, ScalarType dtype)
    {
        Match name = StrategiesOfName().Match(file.Name);
        return name.Success
            ? Bind(file, dtype, new BatchEasyHardMiner(Of("positive"), Of("negative")))
            : throw new SemblanceException(
                $"{file.Path}: the miner '{file.Name}' names no strategies; expected 'batch_easy_hard_' and two of easy, semihard, hard, all.");

        Strategy Of(string side) => name.Groups[side].Value switch
        {
            "all" => Strategy.All,
            "easy" => Strategy.Easy,
            "hard" => Strategy.Hard,
            _ => Strategy.SemiHard,
        };
    }

    /// <summary>The rule tells ε: "negative kept if S_an + 0.1 > min positive similarity".</summary>
    public static CaseBinding MultiSimilarity(CaseFile file, ScalarType dtype)
    {
        Match rule = SlackRule().Match(file.Hyper.Text("rule"));
        return rule.Success
            ? Bind(file, dtype, new MultiSimilarityMiner(double.Parse(rule.Groups["epsilon"].ValueSpan, CultureInfo.InvariantCulture)))
            : throw file.Hyper.Refuse("rule", "the slack of negatives, 'S_an + 0.1 > min positive similarity'");
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

    [GeneratedRegex("^batch_easy_hard_(?<positive>easy|semihard|hard|all)_(?<negative>easy|semihard|hard|all)$")]
    private static partial Regex StrategiesOfName();

    [GeneratedRegex(@"S_an \+ (?<epsilon>[0-9.]+) > min positive similarity")]
    private static partial Regex SlackRule();

    [GeneratedRegex(@"^(?<above>0 < )?d_an(\^2)? - d_ap(\^2)? (?<sign><=|>) (?<margin>[0-9.]+)$")]
    private static partial Regex BandRule();
}

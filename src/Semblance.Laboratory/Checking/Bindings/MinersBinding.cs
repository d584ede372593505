using System.Globalization;
using System.Text.RegularExpressions;
using Semblance.Training.Tuples;
using TorchSharp;
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

    /// <summary>The triplets that a miner chooses from the case's embeddings.</summary>
    public static long[][] Triplets(CaseFile file, ScalarType dtype, ITupleMiner<TripletSelection> miner)
    {
        using DisposeScope scope = NewDisposeScope();
        Distance distance = TupleCase.Distance(file) == "squared" ? Distance.SquaredEuclidean : Distance.Euclidean;
        DistanceMatrix distances = DistanceMatrix.Between(file.Embeddings(dtype), distance, file.Hyper.Flag("normalize_embeddings"));
        TripletIndices chosen = miner.Mine(distances, IdentityRelations.Of(file.Labels())).List();
        long[] anchors = chosen.Anchors.data<long>().ToArray();
        long[] positives = chosen.Positives.data<long>().ToArray();
        long[] negatives = chosen.Negatives.data<long>().ToArray();
        return [.. anchors.Select((a, i) => new[] { a, positives[i], negatives[i] })];
    }

    private static CaseBinding Bind(CaseFile file, ScalarType dtype, ITupleMiner<TripletSelection> miner) => CaseBinding.WithoutLoss(file, dtype)
        .Compare(_ => CaseExtra.Tuples("triplets", Triplets(file, dtype, miner), file.Expected.Tuples("triplets")));

    [GeneratedRegex(@"^(?<above>0 < )?d_an(\^2)? - d_ap(\^2)? (?<sign><=|>) (?<margin>[0-9.]+)$")]
    private static partial Regex BandRule();
}

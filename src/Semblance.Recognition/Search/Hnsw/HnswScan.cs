namespace Semblance.Recognition.Search;

/// <summary>
/// Looks at every row, for searches that a graph serves badly: of few rows, for many of the rows, or with a filter that few pass. Codes rule
/// most rows out, for a code tells a range that a score lies in (see <see cref="Int8Scan"/>); the others are scored by their floats, so the
/// result is exact search's, bit for bit.
/// </summary>
internal sealed unsafe class HnswScan(HnswRows rows, int slots, Func<long, bool>? accept)
{
    private const int SlotsPerTask = 256;

    /// <summary>A scan that lost hits to changes meanwhile is made again, this often at most.</summary>
    private const int Attempts = 3;

    /// <summary>The nearest rows of each probe.</summary>
    /// <param name="probes">Vectors of unit length.</param>
    /// <param name="top">Rows wanted for each.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    public SearchHit[][] Search(IReadOnlyList<float[]> probes, int top, CancellationToken cancellationToken)
    {
        var results = new SearchHit[probes.Count][];
        int[] left = [.. Enumerable.Range(0, probes.Count)];
        for (int attempt = 1; left.Length > 0; attempt++)
        {
            Probe[] encoded = [.. left.Select(probe => new Probe(rows, probes[probe]))];
            Worker all = NewWorker(encoded, top);
            Work.Run((slots + SlotsPerTask - 1) / SlotsPerTask, () => NewWorker(encoded, top), Scan, worker => all.Take(worker), cancellationToken);
            Interlocked.MemoryBarrier();
            for (int i = 0; i < left.Length; i++)
            {
                results[left[i]] = all.Hits[i].Unchanged(rows, top);
            }

            left = [.. left.Where((probe, i) => attempt < Attempts && results[probe].Length < Math.Min(top, all.Hits[i].Count))];
            GC.KeepAlive(encoded);
        }

        return results;
    }

    private Worker NewWorker(Probe[] probes, int top) => new(probes, [.. probes.Select(_ => NewHits(top))], new HnswScorer(rows, accept));

    private static HnswHits NewHits(int top)
    {
        var hits = new HnswHits();
        hits.Begin(top);
        return hits;
    }

    private void Scan(int task, Worker worker)
    {
        List<HnswScorer.Named> named = worker.Named;
        named.Clear();
        int from = task * SlotsPerTask;
        for (int slot = from; slot < Math.Min(slots, from + SlotsPerTask); slot++)
        {
            if (worker.Scorer.TryRead(slot, out HnswScorer.Named row))
            {
                named.Add(row);
            }
        }

        float slack = (rows.Dimension + 32) * (1f / (1 << 23));
        for (int i = 0; i < worker.Probes.Length; i++)
        {
            Probe probe = worker.Probes[i];
            HnswHits hits = worker.Hits[i];
            foreach (HnswScorer.Named row in named)
            {
                byte* code = rows.Code(row.Slot);
                float upper = HnswWalk.Score(rows, code, probe.Code, probe.Tail) + ScoreRange.Radius(rows.Tail(code)->Error, probe.Tail.Error, slack);

                // Scores are cut to [−1, 1] in the end, and ties go by id: a floor at an end rules nothing out.
                if (upper >= hits.Floor || hits.Floor <= -1 || hits.Floor >= 1)
                {
                    worker.Scorer.Add(row, probe.Unit, hits);
                }
            }

            worker.Scorer.Flush(probe.Unit, hits);
        }
    }

    /// <summary>A probe and its code.</summary>
    private sealed class Probe
    {
        private readonly sbyte[] _code;

        public Probe(HnswRows rows, float[] unit)
        {
            _code = GC.AllocateArray<sbyte>(rows.CodeBytes, pinned: true);
            Unit = unit;
            Tail = HnswRows.Encode(unit, _code);
        }

        public float[] Unit { get; }

        public sbyte* Code => (sbyte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_code, 0);

        public CodeTail Tail { get; }
    }

    /// <summary>What a thread found.</summary>
    private sealed record Worker(Probe[] Probes, HnswHits[] Hits, HnswScorer Scorer)
    {
        public List<HnswScorer.Named> Named { get; } = [];

        public void Take(Worker other)
        {
            for (int i = 0; i < Hits.Length; i++)
            {
                Hits[i].Take(other.Hits[i]);
            }
        }
    }
}

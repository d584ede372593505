using Semblance.Recognition.Search;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// The connected components of the graph that links all pairs of faces from a threshold on: exact, without holding the graph. Faces that have
/// more neighbours above the threshold than were asked for are asked again for more.
/// </summary>
internal static class ThresholdComponents
{
    private const int FirstTop = 64;
    private const int Growth = 4;
    private const int HitsPerBatch = 1 << 20;

    /// <summary>A component's number for each face: that of its first face.</summary>
    public static int[] Of(FaceVectors faces, float threshold, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        ExactIndex index = faces.ToIndex();
        int[] parents = [.. Enumerable.Range(0, faces.Count)];
        int[] pending = [.. parents];
        for (int top = FirstTop; pending.Length > 0; top = (int)Math.Min((long)top * Growth, faces.Count))
        {
            var more = new List<int>();
            foreach (int[] batch in pending.Chunk(Math.Clamp(HitsPerBatch / top, 1, 1024)))
            {
                SearchHit[][] found = index.SearchBatch(Rows(faces, batch), batch.Length, top, cancellationToken: cancellationToken);
                for (int i = 0; i < batch.Length; i++)
                {
                    foreach (SearchHit hit in found[i].TakeWhile(hit => hit.Score >= threshold))
                    {
                        Join(parents, batch[i], (int)hit.Id);
                    }

                    if (found[i].Length < faces.Count && found[i][^1].Score >= threshold)
                    {
                        more.Add(batch[i]);
                    }
                }

                progress?.Report(new WorkProgress("finding neighbours", Math.Min(batch[^1] + 1, faces.Count), faces.Count, "faces"));
            }

            pending = [.. more];
        }

        return [.. parents.Select((_, face) => Root(parents, face))];
    }

    private static float[] Rows(FaceVectors faces, int[] batch)
    {
        float[] rows = new float[batch.Length * faces.Dimension];
        for (int i = 0; i < batch.Length; i++)
        {
            faces[batch[i]].CopyTo(rows.AsSpan(i * faces.Dimension));
        }

        return rows;
    }

    // The lower number leads, so that a component's number is its first face's.
    private static void Join(int[] parents, int a, int b)
    {
        int first = Root(parents, a), second = Root(parents, b);
        parents[Math.Max(first, second)] = Math.Min(first, second);
    }

    private static int Root(int[] parents, int face)
    {
        while (parents[face] != face)
        {
            parents[face] = parents[parents[face]];
            face = parents[face];
        }

        return face;
    }
}

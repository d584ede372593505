using Semblance.Data;

namespace Semblance.Evaluation.Protocols;

/// <summary>Finds the images that a pairs file names in a dataset, whatever extension they have there.</summary>
internal sealed class PairResolver
{
    private readonly FaceDataset _dataset;
    private readonly string _source;
    private readonly Dictionary<string, int> _byStem = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ambiguous = new(StringComparer.Ordinal);

    public PairResolver(FaceDataset dataset, string source)
    {
        (_dataset, _source) = (dataset, source);
        for (int i = 0; i < dataset.Images.Count; i++)
        {
            string path = dataset.Images[i].Path;
            string stem = path.LastIndexOf('.') is var dot && dot > path.LastIndexOf('/') ? path[..dot] : path;
            if (!_byStem.TryAdd(stem, i))
            {
                _ambiguous.TryAdd(stem, i);
            }
        }
    }

    /// <summary>The indices of a pair's images.</summary>
    /// <exception cref="SemblanceException">An image is missing, or two files differ in their extension only.</exception>
    public (int First, int Second) Resolve(LfwPair pair) => (Find(pair.First, pair), Find(pair.Second, pair));

    private int Find(string image, LfwPair pair)
    {
        int exact = _dataset.Find(image);
        if (exact >= 0)
        {
            return exact;
        }

        if (!_byStem.TryGetValue(image, out int index))
        {
            throw new SemblanceException($"{Where(pair)}: names '{image}', which is not in {_dataset.Source}.{Hint(image)}");
        }

        return _ambiguous.TryGetValue(image, out int other)
            ? throw new SemblanceException(
                $"{Where(pair)}: '{image}' could be '{_dataset.Images[index].Path}' or '{_dataset.Images[other].Path}' in {_dataset.Source}; remove one.")
            : index;
    }

    private string Hint(string image)
    {
        int slash = image.LastIndexOf('/');
        string folder = slash < 0 ? "" : image[..(slash + 1)];
        int images = folder.Length == 0 ? 0 : _dataset.Images.Count(i => i.Path.StartsWith(folder, StringComparison.Ordinal));
        return images > 0
            ? $" The folder '{folder}' is there, with {images} other image{(images == 1 ? "" : "s")}."
            : $" Its images are named like '{_dataset.Images[0].Path}'.";
    }

    private string Where(LfwPair pair) => pair.Line > 0 ? $"{_source}: line {pair.Line}" : _source;
}

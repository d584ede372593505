using System.Globalization;
using Semblance.Imaging;

namespace Semblance.Data.Synthesis;

/// <summary>
/// Drawn people: each identity is a vector of some ninety traits drawn once; pose, light, expression, occlusion, background, blur and
/// noise are drawn for each image. An image depends on nothing but (seed, identity, image, size), so any image can be drawn at any time
/// and on any thread. The faces lie as faces aligned to the 112-px ArcFace template do, up to a jitter. Thread-safe.
/// </summary>
public sealed class SyntheticFaces
{
    private readonly SyntheticFaceOptions _options;
    private readonly int _threads = Environment.ProcessorCount;

    /// <summary>Checks the options; nothing is drawn yet.</summary>
    /// <param name="options">What to draw.</param>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public SyntheticFaces(SyntheticFaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>How many threads <see cref="WriteFolder"/> draws on; at least 1, by default one per processor.</summary>
    public int Threads
    {
        get => _threads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _threads = value;
        }
    }

    /// <summary>Identities in all.</summary>
    public int Identities => _options.Identities;

    /// <summary>Images in all.</summary>
    public long Images
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _options.Identities; i++)
            {
                sum += ImageCount(i);
            }

            return sum;
        }
    }

    /// <summary>The identity's folder, for example "id_00012"; numbered from <see cref="SyntheticFaceOptions.FirstIdentity"/>.</summary>
    /// <param name="identity">Rank in this set, from 0.</param>
    public string IdentityName(int identity) =>
        string.Create(CultureInfo.InvariantCulture, $"id_{_options.FirstIdentity + CheckIdentity(identity):00000}");

    /// <summary>The image's path, for example "id_00012/id_00012_0001.jpg"; images are numbered from 1 in names.</summary>
    /// <param name="identity">Rank in this set, from 0.</param>
    /// <param name="image">From 0.</param>
    public string ImagePath(int identity, int image)
    {
        string name = IdentityName(identity);
        return string.Create(CultureInfo.InvariantCulture, $"{name}/{name}_{image + 1:0000}.jpg");
    }

    /// <summary>How many images the identity has: K, or max(1, round(K·(identity + 1)^−A)) with a long tail.</summary>
    /// <param name="identity">Rank in this set, from 0.</param>
    public int ImageCount(int identity)
    {
        CheckIdentity(identity);
        double share = Math.Pow(identity + 1, -(_options.LongTailExponent ?? 0));
        return Math.Max(1, (int)Math.Round(_options.ImagesPerIdentity * share, MidpointRounding.AwayFromZero));
    }

    /// <summary>Draws one image, without the losses of a file format.</summary>
    /// <param name="identity">Rank in this set, from 0.</param>
    /// <param name="image">From 0; may exceed <see cref="ImageCount"/>.</param>
    /// <returns>RGB, size × size.</returns>
    public PixelBuffer Render(int identity, int image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        int number = _options.FirstIdentity + CheckIdentity(identity);
        FaceIdentity person = FaceIdentity.Draw(_options.Seed, number);
        FaceNuisance scene = FaceNuisance.Draw(_options.Seed, number, image, person);
        return new PixelBuffer(_options.Size, _options.Size, 3, FaceRenderer.Render(person, scene, _options.Size));
    }

    /// <summary>
    /// Writes every image as JPEG (quality 92) under <see cref="ImagePath"/>. The folder appears when it is whole: a run that fails, is
    /// cancelled or killed leaves nothing under this name. The bytes do not depend on the number of threads.
    /// </summary>
    /// <param name="outDir">The folder to make; it must not exist or be empty.</param>
    /// <param name="progress">Told of the images written.</param>
    /// <param name="cancellationToken">Stops the work and removes what was written.</param>
    /// <exception cref="UsageException">The folder is not empty, or is a file.</exception>
    /// <exception cref="SemblanceException">The disk is full or the place cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public void WriteFolder(string outDir, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(outDir);
        new FaceFolderWriter(this, Threads).Write(outDir, progress, cancellationToken);
    }

    private int CheckIdentity(int identity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(identity);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(identity, _options.Identities);
        return identity;
    }
}

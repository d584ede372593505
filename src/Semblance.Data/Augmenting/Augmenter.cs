using System.Numerics.Tensors;
using Semblance.Imaging;
using Semblance.Numerics;

namespace Semblance.Data.Augmenting;

/// <summary>
/// Turns one decoded image into model input with random changes. Holds buffers, so each thread uses its own. Draws depend on the options and the
/// generator alone, not on the image.
/// </summary>
internal sealed class Augmenter
{
    private const double SmallestSigma = 0.3;
    private const int BestQuality = 90;
    private readonly AugmentationOptions _options;
    private readonly PreprocessingContract _contract;
    private readonly BilinearWarp _warp;
    private readonly GaussianBlur _blur;
    private readonly float[] _planes;

    /// <summary>Creates an augmenter with checked options.</summary>
    public Augmenter(AugmentationOptions options, PreprocessingContract contract)
    {
        (_options, _contract) = (options, contract);
        _warp = new BilinearWarp(contract.Width, contract.Height);
        _blur = new GaussianBlur(contract.Width, contract.Height);
        _planes = new float[contract.InputLength];
    }

    /// <summary>Writes one image.</summary>
    /// <param name="image">The source.</param>
    /// <param name="random">The draws.</param>
    /// <param name="destination">3 × height × width floats, overwritten.</param>
    public void Write(PixelBuffer image, ref CountedRandom random, Span<float> destination)
    {
        Geometry geometry = Geometry.Draw(_options, ref random);
        Toning toning = Toning.Draw(_options, ref random);
        double sigma = random.NextBool(_options.BlurProbability) ? random.NextDouble(SmallestSigma, _options.BlurSigma) : 0;
        int quality = random.NextBool(_options.JpegProbability) ? _options.JpegMinQuality + random.NextInt(BestQuality - _options.JpegMinQuality + 1) : 0;
        double erased = random.NextBool(_options.ErasingProbability) ? random.NextDouble(_options.ErasingMinArea, _options.ErasingMaxArea) : 0;
        if (geometry.IsWhole && toning.IsNone && sigma == 0 && quality == 0 && erased == 0)
        {
            FacePreprocessor.Write(image, _contract, destination);
            if (geometry.Flip)
            {
                Mirror(destination);
            }

            return;
        }

        int channels = image.Channels;
        int plane = _contract.Width * _contract.Height;
        Span<float> planes = _planes.AsSpan(0, channels * plane);
        if (geometry.IsWhole)
        {
            Unpack(ImageResizer.Resize(image, _contract.Width, _contract.Height), planes);
            if (geometry.Flip)
            {
                Mirror(planes);
            }
        }
        else
        {
            _warp.Sample(image, geometry, planes);
        }

        toning.Apply(planes, channels);
        for (int c = 0; c < channels && sigma > 0; c++)
        {
            _blur.Apply(planes.Slice(c * plane, plane), sigma);
        }

        if (quality > 0)
        {
            JpegArtefacts.Apply(planes, channels, _contract.Width, _contract.Height, quality);
        }

        if (erased > 0)
        {
            RandomErasing.Apply(planes, _contract.Width, _contract.Height, erased, ref random);
        }

        Normalise(planes, channels, destination);
    }

    private void Normalise(ReadOnlySpan<float> planes, int channels, Span<float> destination)
    {
        int plane = _contract.Width * _contract.Height;
        float factor = 1f / _contract.Std, offset = -_contract.Mean / _contract.Std;
        if (channels == 1)
        {
            Span<float> first = destination[..plane];
            Scale(planes, factor, offset, first);
            first.CopyTo(destination.Slice(plane, plane));
            first.CopyTo(destination.Slice(2 * plane, plane));
            return;
        }

        for (int c = 0; c < 3; c++)
        {
            int from = _contract.ColorOrder == ColorOrder.Rgb ? c : 2 - c;
            Scale(planes.Slice(from * plane, plane), factor, offset, destination.Slice(c * plane, plane));
        }
    }

    private static void Scale(ReadOnlySpan<float> values, float factor, float offset, Span<float> destination)
    {
        TensorPrimitives.Multiply(values, factor, destination);
        TensorPrimitives.Add(destination, offset, destination);
    }

    private static void Unpack(PixelBuffer image, Span<float> planes)
    {
        int plane = image.Width * image.Height;
        for (int c = 0; c < image.Channels; c++)
        {
            Span<float> target = planes.Slice(c * plane, plane);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = image.Data[(i * image.Channels) + c];
            }
        }
    }

    private void Mirror(Span<float> planes)
    {
        for (int row = 0; row < planes.Length; row += _contract.Width)
        {
            planes.Slice(row, _contract.Width).Reverse();
        }
    }
}

using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Semblance.Imaging;
using SkiaSharp;

namespace Semblance.Data.Synthesis;

/// <summary>
/// Writes a set of synthetic faces as a folder per identity. Everything is written under a temporary name beside the target and renamed
/// at the end, so that the folder is whole or not there; a killed run leaves only a folder whose name ends in ".partial".
/// </summary>
internal sealed class FaceFolderWriter(SyntheticFaces faces, int threads)
{
    private const int JpegQuality = 92;
    private const int ReportEvery = 16;

    private readonly Lock _reporting = new();
    private long _done;

    public void Write(string outDir, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outDir));
        RequireFree(outDir, target);
        string partial = $"{target}.{Environment.ProcessId:x}-{Guid.NewGuid():N}.partial";
        try
        {
            WriteImages(partial, progress, cancellationToken);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(partial, target);
        }
        catch (Exception e)
        {
            RemoveQuietly(partial);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new SemblanceException($"{outDir}: the synthetic faces cannot be written: {e.Message} Nothing was left there.", e);
            }

            throw;
        }
    }

    private static void RequireFree(string outDir, string target)
    {
        if (File.Exists(target))
        {
            throw new UsageException($"{outDir} is a file; name a folder for the synthetic faces.");
        }

        try
        {
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            {
                throw new UsageException($"{outDir} is not empty; name a new folder for the synthetic faces, or remove this one first.");
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SemblanceException($"{outDir}: cannot be read: {e.Message}", e);
        }
    }

    private void WriteImages(string folder, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        long total = faces.Images;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.ForEach(Partitioner.Create(Everyone(folder), EnumerablePartitionerOptions.NoBuffering), options, image =>
            {
                WriteJpeg(faces.Render(image.Identity, image.Image), Path.Combine(folder, faces.ImagePath(image.Identity, image.Image)));
                Report(progress, total);
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(x => x is IOException or UnauthorizedAccessException) is { } cause)
        {
            throw new IOException(cause.Message, e);
        }
    }

    // The folders are made here, by the one thread at a time that asks for the next image.
    private IEnumerable<(int Identity, int Image)> Everyone(string folder)
    {
        for (int identity = 0; identity < faces.Identities; identity++)
        {
            Directory.CreateDirectory(Path.Combine(folder, faces.IdentityName(identity)));
            int count = faces.ImageCount(identity);
            for (int image = 0; image < count; image++)
            {
                yield return (identity, image);
            }
        }
    }

    private void Report(IProgress<WorkProgress>? progress, long total)
    {
        long done = Interlocked.Increment(ref _done);
        if (progress is not null && (done % ReportEvery == 0 || done == total))
        {
            lock (_reporting)
            {
                progress.Report(new WorkProgress("drawing faces", done, total, "images"));
            }
        }
    }

    private static void WriteJpeg(PixelBuffer image, string path)
    {
        int pixels = image.Width * image.Height;
        byte[] rgba = new byte[pixels * 4];
        for (int i = 0; i < pixels; i++)
        {
            image.Data.AsSpan(i * 3, 3).CopyTo(rgba.AsSpan(i * 4));
            rgba[(i * 4) + 3] = 255;
        }

        GCHandle pin = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            var info = new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, pin.AddrOfPinnedObject(), image.Width * 4);
            using SKData jpeg = pixmap.Encode(new SKJpegEncoderOptions(JpegQuality))
                ?? throw new SemblanceException($"{path}: the JPEG encoder gave nothing.");
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
            stream.Write(jpeg.AsSpan());
        }
        finally
        {
            pin.Free();
        }
    }

    private static void RemoveQuietly(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}

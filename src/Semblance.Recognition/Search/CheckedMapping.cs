using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Semblance.Recognition.Search;

/// <summary>
/// A mapped file whose bytes are proved, block by block, when they are first asked for: opening takes no time, and no damaged byte is ever
/// used. The mapping ends when nothing refers to it any more; until then the file's bytes stay even if its name is given to another.
/// </summary>
internal sealed unsafe class CheckedMapping
{
    /// <summary>Bytes that a checksum covers.</summary>
    public const int BlockBytes = 1 << 20;

    private readonly string _path;
    private readonly SafeBuffer _view;
    private readonly byte[] _proved;
    private long _from;
    private long _to;
    private uint[] _sums = [];

    private CheckedMapping(string path, SafeBuffer view, byte* start, long length)
    {
        (_path, _view, Length) = (path, view, length);
        Start = start;
        _proved = new byte[(length / BlockBytes) + 1];
    }

    public byte* Start { get; }

    public long Length { get; }

    /// <summary>Maps a file for reading.</summary>
    /// <exception cref="SemblanceException">It cannot be opened, or is empty.</exception>
    public static CheckedMapping Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
            if (stream.Length == 0)
            {
                throw new SemblanceException($"{path}: the file is empty.");
            }

            using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);

            // The view outlives both; its handle unmaps when it is collected.
            SafeMemoryMappedViewHandle view = file.CreateViewAccessor(0, stream.Length, MemoryMappedFileAccess.Read).SafeMemoryMappedViewHandle;
            byte* start = null;
            view.AcquirePointer(ref start);
            long length = stream.Length;
            view.ReleasePointer();
            return new CheckedMapping(path, view, start, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The checksum of bytes.</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes) => Sum(uint.MaxValue, bytes);

    /// <summary>Goes on with a checksum; it starts from all ones. CRC-32C, which finds every run of up to 32 changed bits.</summary>
    public static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> eights = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong eight in eights)
        {
            sum = BitOperations.Crc32C(sum, eight);
        }

        foreach (byte one in bytes[(eights.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return sum;
    }

    /// <summary>Says which bytes have checksums.</summary>
    public void Expect(long from, long to, uint[] sums) => (_from, _to, _sums) = (from, to, sums);

    /// <summary>Proves bytes [from, to) of the file, which lie among those that have checksums.</summary>
    /// <exception cref="SemblanceException">The file is damaged.</exception>
    public void Require(long from, long to)
    {
        for (long block = (from - _from) / BlockBytes; (block * BlockBytes) + _from < to; block++)
        {
            if (Volatile.Read(ref _proved[block]) != 0)
            {
                continue;
            }

            long start = _from + (block * BlockBytes);
            if (Sum(new ReadOnlySpan<byte>(Start + start, (int)Math.Min(BlockBytes, _to - start))) != _sums[block])
            {
                throw new SemblanceException($"{_path}: the file is damaged (bytes {start} to {Math.Min(start + BlockBytes, _to) - 1} are not what was written); build it again or restore it.");
            }

            GC.KeepAlive(_view);
            Volatile.Write(ref _proved[block], 1);
        }
    }
}

namespace Semblance.Recognition.Search;

/// <summary>
/// Bytes that rows live in: of this process, or a part of a mapped file. Whoever uses <see cref="Start"/> keeps this object alive meanwhile.
/// </summary>
internal sealed unsafe class RowMemory
{
    private readonly object _owner;
    private readonly long _offset;

    private RowMemory(object owner, byte* start, long length, long offset)
    {
        (_owner, Length, _offset) = (owner, length, offset);
        Start = start;
    }

    /// <summary>The first byte, at a cache line: an unaligned 64-byte load would touch two.</summary>
    public byte* Start { get; }

    public long Length { get; }

    /// <summary>Zeroed memory.</summary>
    public static RowMemory Allocate(long bytes)
    {
        var block = new NativeBlock(bytes);
        return new RowMemory(block, block.Start, bytes, 0);
    }

    /// <summary>A part of a mapped file.</summary>
    public static RowMemory Map(CheckedMapping file, long offset, long length) => new(file, file.Start + offset, length, offset);

    /// <summary>Makes sure that bytes of a file are what was written; memory needs no proof.</summary>
    /// <exception cref="SemblanceException">They are not.</exception>
    public void Require(long from, long to)
    {
        if (_owner is CheckedMapping file)
        {
            file.Require(_offset + from, _offset + to);
        }
    }
}

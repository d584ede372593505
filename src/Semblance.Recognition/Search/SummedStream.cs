namespace Semblance.Recognition.Search;

/// <summary>Writes through to a stream and sums up every block on the way.</summary>
internal sealed class SummedStream
{
    private readonly Stream _stream;
    private readonly List<uint> _sums = [];
    private readonly byte[] _block = new byte[CheckedMapping.BlockBytes];
    private long _position;
    private int _used;

    /// <summary>Starts a block at the stream's place.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="position">That place in the file.</param>
    public SummedStream(Stream stream, long position) => (_stream, _position) = (stream, position);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _position += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, _block.Length - _used);
            bytes[..count].CopyTo(_block.AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
            if (_used == _block.Length)
            {
                Flush();
            }
        }
    }

    /// <summary>Writes zeros up to a place in the file.</summary>
    public void PadTo(long position) => Write(new byte[position - _position]);

    /// <summary>Ends the last block and gives the sums.</summary>
    public uint[] Sums()
    {
        if (_used > 0)
        {
            Flush();
        }

        return [.. _sums];
    }

    private void Flush()
    {
        _sums.Add(CheckedMapping.Sum(_block.AsSpan(0, _used)));
        _stream.Write(_block, 0, _used);
        _used = 0;
    }
}

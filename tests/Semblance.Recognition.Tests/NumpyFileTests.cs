using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests;

public sealed class NumpyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("semblance-npy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Gen.Int[1, 40], Gen.Float[-1e30f, 1e30f].Array[1, 200]).Sample(
        (columns, values) =>
        {
            float[] whole = [.. values, .. new float[(columns - (values.Length % columns)) % columns]];
            string path = Fresh();
            NumpyFile.Write(path, columns, whole);
            using NumpyMatrix matrix = NumpyMatrix.Open(path);
            Assert.Equal((whole.Length / columns, columns, NumpyElement.Float32), (matrix.Rows, matrix.Columns, matrix.Element));
            float[] read = new float[whole.Length];
            matrix.Read(0, matrix.Rows, read);
            Assert.Equal(whole, read);
            matrix.Read(matrix.Rows - 1, 1, read.AsSpan(0, columns));
            Assert.Equal(whole[^columns..], read[..columns]);
        },
        iter: 100);

    [Fact]
    public void The_header_is_the_one_that_NumPy_writes()
    {
        string path = Fresh();
        NumpyFile.Write(path, 3, new long[] { 1, 2, 3, 4, 5, 6 });

        // numpy.save of numpy.arange(1, 7).reshape(2, 3), NumPy 1.24.
        string header = "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 3), }" + new string(' ', 58) + "\n";
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes((long)i))];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_versions_and_kinds_of_numbers_are_read(int version)
    {
        Half[] halves = [(Half)0.5f, (Half)(-2f), (Half)6e-8f, (Half)65504f];
        Assert.Equal([0.5f, -2f, (float)(Half)6e-8f, 65504f], Read(version, "<f2", halves.SelectMany(BitConverter.GetBytes)));
        Assert.Equal([1.5f, -2.25f, 1e-40f, 3e38f], Read(version, "<f4", new[] { 1.5f, -2.25f, 1e-40f, 3e38f }.SelectMany(BitConverter.GetBytes)));
        Assert.Equal([0.1f, -2f, 0f, 3e38f], Read(version, "<f8", new[] { 0.1, -2, 1e-60, 3e38 }.SelectMany(BitConverter.GetBytes)));

        float[] Read(int major, string element, IEnumerable<byte> data)
        {
            using NumpyMatrix matrix = NumpyMatrix.Open(Raw(major, $"{{\"shape\":(2,2),'fortran_order' : False,\n 'descr': '{element}'}}  \n", [.. data]));
            float[] values = new float[4];
            matrix.Read(0, 2, values);
            return values;
        }
    }

    [Fact]
    public void A_long_file_of_halves_is_read_in_parts()
    {
        const int Rows = 3000, Columns = 64;
        byte[] data = [.. Enumerable.Range(0, Rows * Columns).SelectMany(i => BitConverter.GetBytes((Half)(i % 2000)))];
        using NumpyMatrix matrix = NumpyMatrix.Open(Raw(1, $"{{'descr': '<f2', 'fortran_order': False, 'shape': ({Rows}, {Columns}), }}\n", data));
        float[] values = new float[Rows * Columns];
        matrix.Read(0, Rows, values);
        Assert.Equal(Enumerable.Range(0, Rows * Columns).Select(i => (float)(i % 2000)), values);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 12, "cut short")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 20, "too long")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16, "ascontiguousarray")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2), }", 16, "'>f4'")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 1), }", 16, "'<i8'")]
    [InlineData("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 2), }", 16, "records")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", 16, "(4,)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4, "two axes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", 0, "at least one vector")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 0), }", 0, "at least one vector")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }", 16, "at least one vector")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 4), }", 16, "a whole number")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 2), }", 16, "a whole number")]
    [InlineData("{'descr': '<f4', 'fortran_order': Perhaps, 'shape': (2, 2), }", 16, "neither True nor False")]
    [InlineData("{'descr': '<f4', 'shape': (2, 2), }", 16, "are expected and nothing else")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 16, "unknown or there twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'more': 1}", 16, "unknown or there twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), } + 1", 16, "are expected and nothing else")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)", 16, "'}' is expected")]
    [InlineData("{'descr", 16, "in quotes")]
    [InlineData("", 16, "'{' is expected")]
    public void What_cannot_be_searched_is_refused_in_one_line(string header, int bytes, string reason)
    {
        string path = Raw(1, header, new byte[bytes]);
        string message = Assert.Throws<SemblanceException>(() => NumpyMatrix.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_damaged_header_never_ends_in_anything_but_an_error_or_a_matrix()
    {
        byte[] whole = File.ReadAllBytes(Raw(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n", new byte[16]));
        Gen.Select(Gen.Int[0, whole.Length - 17], Gen.Byte, Gen.Int[0, whole.Length]).Sample(
            (at, value, length) =>
            {
                byte[] bytes = [.. whole];
                bytes[at] = value;
                string path = Fresh();
                File.WriteAllBytes(path, length % 3 == 0 ? bytes[..length] : bytes);
                try
                {
                    using NumpyMatrix matrix = NumpyMatrix.Open(path);
                    matrix.Read(0, matrix.Rows, new float[matrix.Rows * matrix.Columns]);
                }
                catch (SemblanceException e)
                {
                    Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                }
            },
            iter: 500);
    }

    [Theory]
    [InlineData(double.NaN, "row 1, column 0 is no number")]
    [InlineData(double.PositiveInfinity, "row 1, column 0 is infinite")]
    [InlineData(1e300, "row 1, column 0 is infinite or too large")]
    public void A_number_that_is_not_finite_is_refused_with_its_place(double value, string reason)
    {
        byte[] data = [.. new[] { 1.0, 2.0, value, 4.0 }.SelectMany(BitConverter.GetBytes)];
        using NumpyMatrix matrix = NumpyMatrix.Open(Raw(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", data));
        matrix.Read(0, 1, new float[2]);
        Assert.Contains(reason, Assert.Throws<SemblanceException>(() => matrix.Read(0, 2, new float[4])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_and_versions_are_refused()
    {
        string text = Fresh();
        File.WriteAllText(text, "1 2 3\n4 5 6\n");
        Assert.Contains("no .npy file", Assert.Throws<SemblanceException>(() => NumpyMatrix.Open(text)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<SemblanceException>(() => NumpyMatrix.Open(text + "x")).Message, StringComparison.Ordinal);
        Assert.Contains("version is 4.0", Assert.Throws<SemblanceException>(() => NumpyMatrix.Open(Raw(4, "{}", []))).Message, StringComparison.Ordinal);
        string huge = Raw(2, "{}", []);
        byte[] bytes = File.ReadAllBytes(huge);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), uint.MaxValue);
        File.WriteAllBytes(huge, bytes);
        Assert.Contains("4294967295 bytes", Assert.Throws<SemblanceException>(() => NumpyMatrix.Open(huge)).Message, StringComparison.Ordinal);
    }

    private string Fresh() => Path.Combine(_folder, $"{Guid.NewGuid():N}.npy");

    private string Raw(int version, string header, byte[] data)
    {
        string path = Fresh();
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes((uint)header.Length);
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. data]);
        return path;
    }
}

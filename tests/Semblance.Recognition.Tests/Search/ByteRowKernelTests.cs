using CsCheck;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests.Search;

public sealed unsafe class ByteRowKernelTests
{
    [Fact]
    public void All_variants_give_the_sum_of_products() =>
        Gen.Int[1, 20].SelectMany(steps => Gen.Select(Gen.Byte.Array[steps * 32], Gen.SByte.Array[steps * 32])).Sample(
            (row, probe) =>
            {
                int expected = row.Zip(probe, (a, b) => a * b).Sum();
                fixed (byte* r = row)
                fixed (sbyte* p = probe)
                {
                    foreach (ByteProducts variant in SimdChoice.Supported.Select(choice => choice.Bytes).Distinct())
                    {
                        Assert.Equal(expected, ByteRowKernel.Dot(r, p, row.Length, variant));
                    }
                }
            });
}

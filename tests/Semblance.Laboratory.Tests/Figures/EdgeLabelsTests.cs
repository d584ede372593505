using CsCheck;
using Semblance.Laboratory.Figures;

namespace Semblance.Laboratory.Tests.Figures;

public sealed class EdgeLabelsTests
{
    [Fact]
    public void LabelsWithRoomStayWhereTheyAre() =>
        Assert.Equal([20f, 60f, 100f], EdgeLabels.Spread([20, 60, 100], [18, 18, 18], 0, 200));

    [Fact]
    public void LabelsOfOnePlaceSpreadAroundIt() =>
        Assert.Equal([80f, 100f, 120f], EdgeLabels.Spread([100, 100, 100], [20, 20, 20], 0, 200));

    [Fact]
    public void LabelsNeverTouchNorLeaveTheirRoom() =>
        Gen.Float[0, 400].Array[1, 12].Select(Gen.Float[10, 30].Array[12, 12]).Sample((wanted, heights) =>
        {
            float[] sorted = [.. wanted.Order()];
            float[] own = heights[..sorted.Length];
            float[] placed = EdgeLabels.Spread(sorted, own, 0, 400);
            for (int i = 1; i < placed.Length; i++)
            {
                Assert.True(placed[i] - placed[i - 1] >= ((own[i] + own[i - 1]) / 2) - 1e-3);
            }

            Assert.True(placed[0] >= (own[0] / 2) - 1e-3);
            Assert.True(placed[^1] <= 400 - (own[^1] / 2) + 1e-3);
        });
}

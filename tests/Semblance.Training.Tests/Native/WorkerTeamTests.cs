using Semblance.Training.Native;

namespace Semblance.Training.Tests.Native;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(7, 1)]
    [InlineData(100, 2)]
    [InlineData(3, 8)]
    public void EachPartIsDoneOnce(int count, int threads)
    {
        int[] done = new int[count];
        WorkerTeam.Run(count, threads, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                Interlocked.Increment(ref done[i]);
            }
        });
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WhatAThreadThrowsReachesTheCaller(int threads)
    {
        Exception? thrown = Record.Exception(() => WorkerTeam.Run(64, threads, (_, _) => throw new InvalidOperationException("here")));
        Assert.Contains("here", thrown!.ToString(), StringComparison.Ordinal);
    }
}

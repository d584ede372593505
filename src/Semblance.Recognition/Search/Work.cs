using System.Runtime.ExceptionServices;

namespace Semblance.Recognition.Search;

/// <summary>Spreads numbered tasks over the cores.</summary>
internal static class Work
{
    /// <summary>Runs tasks 0 … count − 1, each once. A failure comes out as it was thrown, not wrapped.</summary>
    /// <param name="count">Number of tasks.</param>
    /// <param name="newState">Makes the state of a worker.</param>
    /// <param name="task">Does a task.</param>
    /// <param name="done">Takes the state of a worker that has no more to do; called by one at a time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <typeparam name="TState">What a worker carries from task to task.</typeparam>
    public static void Run<TState>(int count, Func<TState> newState, Action<int, TState> task, Action<TState> done, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        var merging = new Lock();
        try
        {
            Parallel.For(
                0,
                count,
                options,
                newState,
                (i, _, state) =>
                {
                    task(i, state);
                    return state;
                },
                state =>
                {
                    lock (merging)
                    {
                        done(state);
                    }
                });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using TorchSharp;

namespace DistractedDriver.Features;

/// <summary>
/// Prepares items on another thread, one after another in their order, a few ahead of whoever takes them. Since nothing is prepared
/// twice or out of order, what is drawn at random on the way is the same as without it.
/// </summary>
/// <typeparam name="T">What is prepared; an item that nobody takes is disposed of.</typeparam>
internal sealed class Prefetcher<T> : IDisposable
    where T : class, IDisposable
{
    private const int Depth = 2;
    private readonly int _count;
    private readonly Func<int, T> _make;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Task<T>> _started = [];
    private int _next;

    /// <param name="count">How many.</param>
    /// <param name="make">Prepares the item of that number, counted from 0.</param>
    public Prefetcher(int count, Func<int, T> make)
    {
        (_count, _make) = (count, make);
        for (var i = 0; i < Depth; i++) StartNext();
    }

    /// <summary>The next item; false after the last.</summary>
    /// <remarks>An error in preparing it is thrown here.</remarks>
    public bool TryTake([NotNullWhen(true)] out T? next)
    {
        next = null;
        if (!_started.TryPeek(out var making)) return false;
        next = making.GetAwaiter().GetResult();
        _started.Dequeue();
        StartNext();
        return true;
    }

    /// <summary>Prepares no more, and waits until the item in preparation is done.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var making in _started)
        {
            try
            {
                making.GetAwaiter().GetResult().Dispose();
            }
            catch (Exception) when (making.IsFaulted || making.IsCanceled)
            {
                // Nothing was made.
            }
        }
        _stop.Dispose();
    }

    private void StartNext()
    {
        if (_next == _count) return;
        var number = _next++;
        _started.Enqueue(Task.Factory.StartNew(() =>
            Make(number), CancellationToken.None, TaskCreationOptions.None, PrefetchThread.Instance));
    }

    private T Make(int number)
    {
        _stop.Token.ThrowIfCancellationRequested();
        try
        {
            using var _ = torch.no_grad();
            return _make(number);
        }
        catch
        {
            _stop.Cancel();
            throw;
        }
    }
}

/// <summary>
/// One thread for all prefetching, in the order in which it was asked for. Each thread that LibTorch is used on has memory
/// of its own in the C library, which stays there for as long as the process lives.
/// </summary>
file sealed class PrefetchThread : TaskScheduler
{
    private readonly BlockingCollection<Task> _tasks = [];

    private PrefetchThread() => new Thread(Serve) { IsBackground = true, Name = "batches" }.Start();

    public static PrefetchThread Instance { get; } = new();

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void Serve()
    {
        foreach (var task in _tasks.GetConsumingEnumerable()) TryExecuteTask(task);
    }
}

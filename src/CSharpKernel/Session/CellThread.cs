using System.Collections.Concurrent;
using System.Runtime;
using System.Runtime.ExceptionServices;

namespace CSharpKernel.Session;

/// <summary>
/// The thread that cells run on, one after another, so that what belongs to a thread stays from cell to cell. A cell can be
/// stopped, even in an endless loop, and what it awaits continues on the same thread. After that the thread is another: the
/// runtime stops code without its help only once a thread.
/// </summary>
internal sealed class CellThread : IDisposable
{
    private const int StackSize = 16 << 20;
    private CancellationTokenSource? _stop;
    private BlockingCollection<Action>? _cells;
    private Thread? _thread;
    private volatile Phase _phase;

    private enum Phase
    {
        Idle,
        Running,
        Interrupted,
    }

    /// <summary>Runs a cell and waits for its end.</summary>
    /// <param name="cell">The cell, which is given what stops it.</param>
    /// <returns>Whether it came to its end; else it was interrupted.</returns>
    public bool Run(Action<CancellationToken> cell)
    {
        var (ended, failure) = (false, (ExceptionDispatchInfo?)null);
        using var done = new ManualResetEventSlim();
        if (_cells is null) Start();
        _cells!.Add(() =>
        {
            try
            {
                ended = RunHere(cell);
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        if (!ended) Dispose();
        failure?.Throw();
        return ended;
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _cells?.CompleteAdding();
        _cells = null;
    }

    /// <summary>Starts asynchronous code and waits for its end; an interruption aborts it wherever it is.</summary>
    /// <param name="start">Starts the code.</param>
    /// <param name="stop">What <see cref="Run"/> gave.</param>
    public static void Await(Func<Task> start, CancellationToken stop)
    {
#pragma warning disable SYSLIB0046 // Meant for notebooks and REPLs: nothing else can end a cell that loops for ever.
        ControlledExecution.Run(
            () =>
            {
                var continuations = new Continuations();
                SynchronizationContext.SetSynchronizationContext(continuations);
                try
                {
                    continuations.RunUntil(start());
                }
                finally
                {
                    SynchronizationContext.SetSynchronizationContext(null);
                }
            },
            stop);
#pragma warning restore SYSLIB0046
    }

    /// <summary>Stops the cell that runs; where none does, nothing happens.</summary>
    public void Interrupt()
    {
        if (_stop is not { } stop || _thread is not { } thread
            || Interlocked.CompareExchange(ref _phase, Phase.Interrupted, Phase.Running) != Phase.Running) return;
        // The cancellation returns only when the thread has been stopped, and a thread that waits has to be woken for that.
        Task.Run(() =>
        {
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The cell has ended by itself meanwhile.
            }
        });
        thread.Interrupt();
    }

    private void Start()
    {
        var cells = new BlockingCollection<Action>();
        new Thread(Serve, StackSize) { IsBackground = true, Name = "cells" }.Start();
        _cells = cells;

        void Serve()
        {
            foreach (var cell in cells.GetConsumingEnumerable()) cell();
            cells.Dispose();
        }
    }

    private bool RunHere(Action<CancellationToken> cell)
    {
        using var stop = new CancellationTokenSource();
        (_stop, _thread, _phase) = (stop, Thread.CurrentThread, Phase.Running);
        try
        {
            cell(stop.Token);
            return _phase != Phase.Interrupted;
        }
        catch (Exception error) when (error is OperationCanceledException or ThreadInterruptedException && _phase == Phase.Interrupted)
        {
            return false;
        }
        finally
        {
            if (Interlocked.Exchange(ref _phase, Phase.Idle) == Phase.Interrupted) TakePendingInterrupt();
            (_stop, _thread) = (null, null);
        }
    }

    // An interruption that came too late to wake anything would wake what the thread does next.
    private static void TakePendingInterrupt()
    {
        try
        {
            Thread.Sleep(1);
        }
        catch (ThreadInterruptedException)
        {
            // That was it.
        }
    }

    /// <summary>
    /// Brings what continues after an await back to the cell's thread, where it can be stopped, as long as that thread has
    /// nothing else to do. Otherwise the thread may be waiting for that very continuation, so the pool runs it.
    /// </summary>
    private sealed class Continuations : SynchronizationContext
    {
        private readonly object _gate = new();
        private (SendOrPostCallback Call, object? State)? _next;
        private bool _idle;

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_gate)
            {
                if (_idle && _next is null)
                {
                    _next = (d, state);
                    Monitor.Pulse(_gate);
                    return;
                }
            }
            ThreadPool.QueueUserWorkItem(_ =>
            {
                // What it awaits next may come back.
                SetSynchronizationContext(this);
                d(state);
                SetSynchronizationContext(null);
            });
        }

        public void RunUntil(Task end)
        {
            end.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            while (Next(end) is { } continuation) continuation.Call(continuation.State);
        }

        private (SendOrPostCallback Call, object? State)? Next(Task end)
        {
            lock (_gate)
            {
                _idle = true;
                while (_next is null && !end.IsCompleted) Monitor.Wait(_gate);
                _idle = false;
                var next = _next;
                _next = null;
                return next;
            }
        }

        private void Wake()
        {
            lock (_gate) Monitor.Pulse(_gate);
        }
    }
}

using TorchSharp;
using Signal = System.Threading.Monitor;

namespace DistractedDriver.Compute;

/// <summary>
/// As many threads as LibTorch computes with, each of which has LibTorch to itself: what it asks LibTorch for is computed on
/// that thread alone. Work that mixes our own loops with LibTorch's then needs no thread to wait for another in between.
/// </summary>
internal static class ComputeThreads
{
    // Up to how many multiplications for a batch one thread is faster than two, which have to be woken for each operation; the
    // other reads the next batch meanwhile. Measured with 16 to 64 samples of 25,088 features and ten units.
    private const long Small = 1 << 23;

    private static readonly Lock Turn = new();
    private static readonly object Gate = new();
    private static int _ready;
    private static int _count;
    private static Job? _job;

    /// <summary>Calls work for each number from 0 up to <paramref name="count"/>, and returns when all calls have ended.</summary>
    /// <param name="count">How many calls.</param>
    /// <param name="work">Told the number. It runs without gradients, in a dispose scope of its own.</param>
    public static void Run(int count, Action<int> work)
    {
        lock (Turn)
        {
            if (_count == 0) Start();
            var job = new Job(count, work);
            try
            {
                lock (Gate)
                {
                    _job = job;
                    Signal.PulseAll(Gate);
                    while (!job.IsDone) Signal.Wait(Gate);
                }
            }
            finally
            {
                // The caller may have been stopped: what the others read and write must stay until they are done with it.
                job.Stopped = true;
                WaitForOthers(job);
            }
            if (job.Failure is { } failure) throw failure;
        }
    }

    /// <summary>Has LibTorch compute on the calling thread alone until what is returned is disposed of, on the same thread.</summary>
    public static IDisposable OnOneThread() => new SingleThread();

    /// <summary>The same for a step that is too small to be shared out; null for one that is not.</summary>
    /// <param name="multiplications">How many numbers the step multiplies.</param>
    public static IDisposable? OnOneThreadIfSmall(long multiplications) => multiplications <= Small ? OnOneThread() : null;

    private static void WaitForOthers(Job job)
    {
        while (true)
        {
            try
            {
                lock (Gate)
                {
                    _job = null;
                    while (!job.IsDone) Signal.Wait(Gate);
                    return;
                }
            }
            catch (ThreadInterruptedException)
            {
                // That is known already.
            }
        }
    }

    private static void Start()
    {
        var count = torch.get_num_threads();
        for (var i = 0; i < count; i++) new Thread(Serve) { IsBackground = true, Name = "compute" }.Start();
        lock (Gate)
            while (_ready < count) Signal.Wait(Gate);
        // LibTorch's number is each thread's own, but also what a new thread begins with.
        torch.set_num_threads(count);
        _count = count;
    }

    private static void Serve()
    {
        torch.set_num_threads(1);
        using var _ = torch.no_grad();
        lock (Gate)
        {
            _ready++;
            Signal.PulseAll(Gate);
        }
        for (Job? last = null; ;)
        {
            lock (Gate)
            {
                while (_job is null || _job == last) Signal.Wait(Gate);
                last = _job;
                last.Active++;
            }
            last.Work();
            lock (Gate)
            {
                last.Active--;
                Signal.PulseAll(Gate);
            }
        }
    }

    private sealed class Job(int count, Action<int> work)
    {
        private int _next;

        /// <summary>How many threads are at it; guarded by the gate.</summary>
        public int Active { get; set; }

        public volatile bool Stopped;

        public Exception? Failure { get; private set; }

        public bool IsDone => Active == 0 && (Stopped || _next >= count);

        public void Work()
        {
            try
            {
                while (!Stopped && Interlocked.Increment(ref _next) - 1 is var number && number < count)
                {
                    using var scope = torch.NewDisposeScope();
                    work(number);
                }
            }
            catch (Exception error)
            {
                Failure = error;
                Stopped = true;
            }
        }
    }

    private sealed class SingleThread : IDisposable
    {
        private readonly int _before = torch.get_num_threads();

        public SingleThread() => torch.set_num_threads(1);

        public void Dispose() => torch.set_num_threads(_before);
    }
}

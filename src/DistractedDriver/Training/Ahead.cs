using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace DistractedDriver;

/// <summary>
/// Makes things on another thread, one after another in their order, a few ahead of whoever takes them. Since nothing is made
/// twice or out of order, what is drawn at random on the way is the same as without it.
/// </summary>
/// <typeparam name="T">What is made; what nobody takes is disposed of.</typeparam>
internal sealed class Ahead<T> : IDisposable
    where T : class, IDisposable
{
    private const int Room = 2;
    private readonly BlockingCollection<T> _made = new(Room);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _maker;
    private ExceptionDispatchInfo? _failure;

    /// <param name="count">How many.</param>
    /// <param name="make">Makes the one of that number.</param>
    public Ahead(int count, Func<int, T> make)
    {
        _maker = new Thread(() => Make(count, make)) { IsBackground = true, Name = "batches" };
        _maker.Start();
    }

    /// <summary>The next one; false after the last.</summary>
    /// <remarks>What went wrong in making it is thrown here.</remarks>
    public bool TryTake([NotNullWhen(true)] out T? next)
    {
        if (_made.TryTake(out next, Timeout.Infinite)) return true;
        _failure?.Throw();
        return false;
    }

    /// <summary>Makes no more, and waits until the one being made is done.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _maker.Join();
        while (_made.TryTake(out var left)) left.Dispose();
        _made.Dispose();
        _stop.Dispose();
    }

    private void Make(int count, Func<int, T> make)
    {
        try
        {
            using var _ = torch.no_grad();
            for (var i = 0; i < count && !_stop.IsCancellationRequested; i++)
            {
                var made = make(i);
                try
                {
                    _made.Add(made, _stop.Token);
                }
                catch (OperationCanceledException)
                {
                    made.Dispose();
                }
            }
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }
        finally
        {
            _made.CompleteAdding();
        }
    }
}

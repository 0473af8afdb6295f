using DistractedDriver.Features;

namespace LibraryTests;

public sealed class PrefetcherTests
{
    [Fact]
    public void Things_ComeInTheirOrderAndAreMadeOnce()
    {
        var made = new List<int>();
        using var prefetcher = new Prefetcher<Thing>(50, i =>
        {
            made.Add(i);
            return new Thing(i);
        });
        for (var i = 0; i < 50; i++) Assert.True(prefetcher.TryTake(out var thing) && thing.Number == i);
        Assert.False(prefetcher.TryTake(out _));
        Assert.Equal(Enumerable.Range(0, 50), made);
    }

    [Fact]
    public void OnlyAFewArePreparedInAdvance_AndWhatNobodyTakesIsFreed()
    {
        var things = new List<Thing>();
        using (var prefetcher = new Prefetcher<Thing>(50, i =>
        {
            var thing = new Thing(i);
            things.Add(thing);
            return thing;
        }))
        {
            Assert.True(prefetcher.TryTake(out var first));
            first.Dispose();
        }
        // One taken, two waiting, one just made.
        Assert.InRange(things.Count, 1, 4);
        Assert.All(things, thing => Assert.True(thing.IsDisposed));
    }

    [Fact]
    public void WhatGoesWrong_IsThrownWhereTheThingWasDue()
    {
        using var prefetcher = new Prefetcher<Thing>(5, i => i == 1 ? throw new InvalidDataException("the second") : new Thing(i));
        Assert.True(prefetcher.TryTake(out _));
        Assert.Equal("the second", Assert.Throws<InvalidDataException>(() => prefetcher.TryTake(out _)).Message);
    }

    private sealed class Thing(int number) : IDisposable
    {
        public int Number { get; } = number;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}

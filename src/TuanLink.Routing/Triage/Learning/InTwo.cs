namespace TuanLink.Routing.Triage.Learning;

/// <summary>Learning works on two threads, so that a service that starts leaves the machine something; no result depends on how many there are.</summary>
internal static class InTwo
{
    public static ParallelOptions Threads { get; } = new() { MaxDegreeOfParallelism = 2 };

    /// <summary>What is made of each, in order.</summary>
    public static TOut[] Of<TIn, TOut>(IReadOnlyList<TIn> given, Func<TIn, TOut> make)
    {
        var made = new TOut[given.Count];
        Parallel.For(0, given.Count, Threads, i => made[i] = make(given[i]));
        return made;
    }

    /// <summary>What is made of part 0 and part 1.</summary>
    public static TOut[] Parts<TOut>(Func<int, TOut> make) => Of([0, 1], make);
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace TuanLink.Routing.Triage.Learning;

/// <summary>The features kept from training: key to row by open addressing, and each row's inverse document weight.</summary>
internal sealed class Vocabulary
{
    private readonly ulong[] _slots; // high half the key, low half row + 1; 0 is empty
    private readonly int _mask;

    public Vocabulary(uint[] keys, float[] weights)
    {
        Keys = keys;
        Weights = weights;
        _slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, keys.Length * 2))];
        _mask = _slots.Length - 1;
        for (var row = 0; row < keys.Length; row++)
        {
            var slot = (int)keys[row] & _mask;
            while (_slots[slot] != 0) slot = (slot + 1) & _mask;
            _slots[slot] = ((ulong)keys[row] << 32) | (uint)(row + 1);
        }
    }

    public uint[] Keys { get; }
    public float[] Weights { get; }
    public int Count => Keys.Length;

    /// <summary>The row of a key, or -1.</summary>
    public int RowOf(uint key)
    {
        var slots = _slots;
        var slot = (int)key & _mask;
        while (true)
        {
            var entry = slots[slot & (slots.Length - 1)];
            if (entry == 0) return -1;
            if ((uint)(entry >> 32) == key) return (int)(uint)entry - 1;
            slot++;
        }
    }

    /// <summary>Keeps the features that occur in at least <paramref name="leastTexts"/> of the texts, in order of first
    /// appearance, weighted ln((1+n)/(1+df)) + 1.</summary>
    public static Vocabulary Learn(IReadOnlyList<uint[]> texts, int leastTexts)
    {
        var counts = InTwo.Parts(half => Met(texts, leastTexts, half)).SelectMany(c => c.Values).Where(c => c.Texts >= leastTexts).OrderBy(c => c.First).ToArray();
        return new Vocabulary([.. counts.Select(c => c.Key)], [.. counts.Select(c => MathF.Log((1f + texts.Count) / (1f + c.Texts)) + 1f)]);
    }

    // As many as there are different keys or more: few share one.
    private const int Tallies = 1 << 23;

    // Every other key: both halves are counted at once. Most keys are met once or twice and go again: a rough tally, which several keys may
    // share and which never says too little, keeps them out of the large table.
    private static Dictionary<uint, (uint Key, int Texts, int Last, int First)> Met(IReadOnlyList<uint[]> texts, int leastTexts, int half)
    {
        var tally = new byte[Tallies];
        foreach (var text in texts)
            foreach (var key in text)
                if ((key & 1) == half && tally[key >> 1 & (Tallies - 1)] is var n and < byte.MaxValue)
                    tally[key >> 1 & (Tallies - 1)] = (byte)(n + 1);
        var least = (byte)Math.Min(leastTexts, byte.MaxValue);
        var counts = new Dictionary<uint, (uint Key, int Texts, int Last, int First)>(1 << 18);
        var met = 0;
        for (var i = 0; i < texts.Count; i++)
            foreach (var key in texts[i])
            {
                met++;
                if ((key & 1) != half || tally[key >> 1 & (Tallies - 1)] < least) continue;
                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out var known);
                if (!known) entry = (key, 1, i, met);
                else if (entry.Last != i) (entry.Texts, entry.Last) = (entry.Texts + 1, i);
            }
        return counts;
    }
}

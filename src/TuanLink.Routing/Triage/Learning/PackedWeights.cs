namespace TuanLink.Routing.Triage.Learning;

/// <summary>Weights in half the room: the upper sixteen bits of a float (bfloat16), rounded to the nearest. What they lose, four in a
/// thousand of a weight at most, is lost among a hundred summands; what they save is half of what the sorter takes of a small machine.</summary>
/// <param name="Rows">A row of outputs per feature.</param>
/// <param name="Biases">One per output, whole.</param>
internal sealed record PackedWeights(ushort[] Rows, float[] Biases)
{
    public static ushort Narrow(float weight)
    {
        var bits = BitConverter.SingleToUInt32Bits(weight);
        // half to even
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    public static float Wide(ushort weight) => BitConverter.UInt32BitsToSingle((uint)weight << 16);
}

using TuanLink.Routing.Triage.Learning;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>Weighs everything known about a text's danger (<see cref="DangerFeatures"/>) into the probabilities of none, concern
/// and crisis, one per <see cref="Inquiries.Risk"/>.</summary>
/// <param name="Network">What weighs it.</param>
/// <param name="Gate">Texts of which less danger than this was learned are not weighed: they are harmless.</param>
internal sealed record DangerWeights(SmallNetwork Network, float Gate)
{
    public const int Answers = 3;

    private const int Hidden = 4 * SmallNetwork.Lanes, Epochs = 8;
    private const float Rate = 0.005f;

    // The share of dangerous texts that may look so harmless that nothing more is asked of them.
    private const double LetGo = 0.004;

    /// <summary>The network with weights kept before, or one that has learned nothing.</summary>
    public static SmallNetwork NetworkOf(float[]? weights) => new(weights, DangerFeatures.Count, Answers, Hidden);

    /// <summary>A described text: its features, its level (a <see cref="Inquiries.Risk"/>), how much it counts, and the most danger
    /// learned of it (<see cref="DangerFeatures.Margin"/>).</summary>
    public sealed record Row(float[] Features, int Level, float Weight, float Margin);

    /// <summary>Learns from described texts whose scores came from a part of the learner that had not seen them. Each level
    /// weighs the same in all, however many texts it has.</summary>
    public static DangerWeights Learn(IReadOnlyList<Row> rows)
    {
        var dangers = rows.Where(r => r.Level > 0 && r.Weight >= 1).Select(r => r.Margin).Order().ToArray();
        var gate = dangers.Length > 0 ? dangers[(int)(LetGo * dangers.Length)] : float.NegativeInfinity;
        var asked = rows.Where(r => r.Margin >= gate).ToArray();
        var totals = new float[Answers];
        foreach (var row in asked) totals[row.Level] += row.Weight;
        var network = NetworkOf(null);
        network.Learn([.. asked.Select(r => new SmallNetwork.Row(r.Features, r.Level, r.Weight / totals[r.Level]))], Epochs, Rate);
        return new DangerWeights(network, gate);
    }
}

using System.Numerics;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>Describes a text for <see cref="DangerWeights"/>: what was learned of the whole, of its worst piece and its last,
/// the expressions met, and what surrounds them.</summary>
internal sealed class DangerFeatures(LinearModel linear, DangerLexicon lexicon)
{
    private const int Types = 5, Topics = 13, Kinds = 4, Acts = 8, FirstHarmless = 14, Harmless = 7;

    /// <summary>How many features describe a text.</summary>
    public static int Count { get; } = 1 + 3 + 14 + Types + Topics + Kinds + Acts + 1 + 3 + Types + 1 + 2 + 3 + 2 * WordGroups.Count + 2 * Harmless + 4;

    private readonly LearnedHead _danger = linear.Head(TriageModel.DangerHead), _type = linear.Head(TriageModel.DangerTypeHead),
        _topic = linear.Head(TriageModel.TopicHead), _kind = linear.Head(TriageModel.KindHead), _act = linear.Head(TriageModel.ActHead),
        _urgency = linear.Head(TriageModel.UrgencyHead);

    /// <summary>Writes the three scores of danger of a piece.</summary>
    public void ScorePiece(ReadOnlySpan<char> piece, Span<float> scores, Span<float> dangers)
    {
        linear.ScoreNormal(piece, scores, _danger);
        scores.Slice(_danger.Offset, 3).CopyTo(dangers);
    }

    /// <summary>The most danger (crisis or concern above none) that was learned of the whole or of any piece.</summary>
    public float Margin(ReadOnlySpan<float> scores, ReadOnlySpan<float> pieceScores)
    {
        var danger = scores.Slice(_danger.Offset, 3);
        var most = Math.Max(danger[1], danger[2]) - danger[0];
        for (var p = 0; p < pieceScores.Length; p += 3)
            most = Math.Max(most, Math.Max(pieceScores[p + 1], pieceScores[p + 2]) - pieceScores[p]);
        return most;
    }

    /// <summary>Writes the features of one text.</summary>
    /// <param name="normal">The normalised text.</param>
    /// <param name="scores">The scores of all heads for it.</param>
    /// <param name="pieces">Its pieces (<see cref="Clauses"/>), or none.</param>
    /// <param name="pieceScores">The three scores of danger of each piece, one piece after the other.</param>
    /// <param name="bare">Whether one of <see cref="BareWords"/> stands in it.</param>
    /// <param name="features">At least <see cref="Count"/> places.</param>
    /// <returns>The expressions of danger met, or null.</returns>
    public List<DangerLexicon.Hit>? Describe(ReadOnlySpan<char> normal, ReadOnlySpan<float> scores, ReadOnlySpan<Range> pieces,
        ReadOnlySpan<float> pieceScores, bool bare, Span<float> features)
    {
        features = features[..Count];
        features.Clear();
        var at = 0;
        features[at++] = 1;
        var danger = scores.Slice(_danger.Offset, 3);
        danger.CopyTo(features[at..]);
        at += 3;
        var margin = danger[(int)Risk.Crisis] - danger[(int)Risk.None];
        float worst = margin, concern = danger[(int)Risk.Concern] - danger[(int)Risk.None], last = margin, least = margin;
        var worstPiece = -1;
        for (var p = 0; p < pieces.Length; p++)
        {
            var piece = pieceScores.Slice(3 * p, 3);
            last = piece[2] - piece[0];
            if (p == 0 || last > worst) (worst, worstPiece) = (last, p);
            if (p == 0 || last < least) least = last;
            concern = p == 0 ? piece[1] - piece[0] : Math.Max(concern, piece[1] - piece[0]);
        }
        features[at++] = worst;
        features[at++] = concern;
        features[at++] = last;
        features[at++] = least;
        foreach (var knot in (ReadOnlySpan<float>)[0, 0.4f, 0.8f])
        {
            features[at++] = Math.Max(0, margin - knot);
            features[at++] = Math.Max(0, worst - knot);
        }
        // of many pieces one sounds dangerous by chance
        var pieceCount = MathF.Log(1 + pieces.Length);
        features[at++] = pieces.Length > 0 ? 1 : 0;
        features[at++] = pieceCount;
        features[at++] = pieceCount * worst;
        features[at++] = pieceCount * Math.Max(0, worst - 0.4f);
        scores.Slice(_type.Offset, Types).CopyTo(features[at..]);
        at += Types;
        LinearModel.Probabilities(_topic, scores, features.Slice(at, Topics));
        at += Topics;
        LinearModel.Probabilities(_kind, scores, features.Slice(at, Kinds));
        at += Kinds;
        LinearModel.Probabilities(_act, scores, features.Slice(at, Acts));
        at += Acts;
        features[at++] = scores[_urgency.Offset + 1] - scores[_urgency.Offset];

        var hits = lexicon.Find(normal);
        var crises = 0;
        foreach (var hit in hits ?? [])
            if (hit.Pattern.Level == Risk.Crisis)
            {
                crises++;
                features[at + 3 + (int)hit.Pattern.Type - 1] = 1;
            }
            else features[at + 1] += 0.5f;
        features[at] = Math.Min(3, crises) / 2f;
        features[at + 2] = crises > 0 ? 1 : 0;
        at += 3 + Types;
        if (worstPiece >= 0 && hits is not null)
        {
            var (from, length) = pieces[worstPiece].GetOffsetAndLength(normal.Length);
            foreach (var hit in hits) if (hit.Start >= from && hit.Start < from + length && hit.Pattern.Level == Risk.Crisis) features[at] = 1;
        }
        else features[at] = crises > 0 ? 1 : 0;
        at++;
        features[at++] = bare ? 1 : 0;
        features[at++] = normal.IndexOf('?') >= 0 ? 1 : 0;
        features[at++] = MathF.Log(1 + normal.Length) / 4;
        features[at++] = normal.Length > 90 ? 1 : 0;
        features[at++] = normal.Length < 10 ? 1 : 0;

        var met = WordGroups.In(normal);
        var near = worstPiece >= 0 ? WordGroups.In(normal[pieces[worstPiece]]) : met;
        for (var g = 0; g < WordGroups.Count; g++)
        {
            features[at + g] = (met >> g) & 1;
            features[at + WordGroups.Count + g] = (near >> g) & 1;
        }
        at += 2 * WordGroups.Count;
        for (var h = 0; h < Harmless; h++)
        {
            features[at++] = ((met >> (FirstHarmless + h)) & 1) * Math.Max(0, worst);
            features[at++] = crises > 0 ? (met >> (FirstHarmless + h)) & 1 : 0;
        }
        features[at++] = BitOperations.PopCount(met & 0x3FF) / 4f;
        features[at++] = BitOperations.PopCount(near & 0x3FF) / 4f;
        features[at++] = BitOperations.PopCount(met & (0x7Fu << FirstHarmless)) / 4f;
        features[at++] = BitOperations.PopCount(near & (0x7Fu << FirstHarmless)) / 4f;
        return hits;
    }
}

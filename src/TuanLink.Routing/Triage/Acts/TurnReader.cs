using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Acts;

/// <summary>Describes a message at its place in the conversation as a row of numbers: what its words suggest, its shape, and how
/// it stands to what is open and what came before. Allocates nothing.</summary>
internal sealed class TurnReader(LinearModel linear, LearnedHead topic, LearnedHead kind, LearnedHead act, LearnedHead turn,
    TurnFeatures leftOut = TurnFeatures.None)
{
    public const int Width = 114;

    // As much of the open inquiry as is read again; more says nothing new.
    private const int MostOpenWords = 300, MostOwnWords = 200;

    /// <summary>Writes the row of a message.</summary>
    /// <param name="normal">The message, normalised.</param>
    /// <param name="scores">What the linear model makes of it.</param>
    /// <param name="context">What came before.</param>
    /// <param name="row">Takes <see cref="Width"/> numbers.</param>
    /// <param name="before">What the linear model makes of the message before; empty to have it scored here. Learning gives it,
    /// from a part that had not seen that message.</param>
    public void Read(ReadOnlySpan<char> normal, ReadOnlySpan<float> scores, TriageContext context, Span<float> row, ReadOnlySpan<float> before = default)
    {
        var now = normal[..Math.Min(normal.Length, MostOwnWords)];
        row.Clear();
        var into = new Row(row, leftOut);
        Words(ref into, scores);
        Shape(ref into, now);
        Markers(ref into, now);
        var openAt = into.At;
        if (context.OpenInquiry is { } open) Open(ref into, now, scores, open);
        into.At = openAt + OpenWidth;
        if (context.EarlierTexts.Count == 0) return;
        Span<float> beforeScores = stackalloc float[linear.Stride];
        if (before.IsEmpty) linear.Score(context.EarlierTexts[^1], beforeScores);
        else before.CopyTo(beforeScores);
        Before(ref into, context, beforeScores.Slice(turn.Offset, turn.Answers));
    }

    private void Words(ref Row into, scoped ReadOnlySpan<float> scores)
    {
        into.Family = TurnFeatures.None;
        into.Add(1);
        into.Family = TurnFeatures.Words;
        foreach (var score in scores.Slice(turn.Offset, turn.Answers)) into.Add(2 * score);
        foreach (var score in scores.Slice(act.Offset, act.Answers)) into.Add(score);
        foreach (var score in scores.Slice(kind.Offset, kind.Answers)) into.Add(0.5f * score);
    }

    private static void Shape(ref Row into, scoped ReadOnlySpan<char> now)
    {
        into.Family = TurnFeatures.Shape;
        int digits = 0, signs = 0;
        foreach (var c in now)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (!char.IsLetter(c)) signs++;
        }
        var length = Math.Max(1, now.Length);
        into.Add(now.Length <= 2);
        into.Add(now.Length is > 2 and <= 4);
        into.Add(now.Length is > 4 and <= 8);
        into.Add(now.Length is > 8 and <= 14);
        into.Add(now.Length is > 14 and <= 24);
        into.Add(now.Length > 24);
        into.Add(MathF.Log(length) / 4);
        into.Add((float)digits / length);
        into.Add((float)signs / length);
        into.Add(digits + signs == now.Length);
        into.Add(now.Contains('?'));
        into.Add(now.Contains('!'));
        var end = now.TrimEnd(" .?!~,");
        foreach (var ending in TurnPhrases.Endings) into.Add((ending is "?" or "!" ? now : end).EndsWith(ending, StringComparison.Ordinal));
    }

    private static void Markers(ref Row into, scoped ReadOnlySpan<char> now)
    {
        into.Family = TurnFeatures.Markers;
        into.Add(TurnPhrases.GoesOn(now));
        var met = TurnPhrases.Families.In(now);
        for (var f = 0; f < TurnPhrases.Families.Count; f++) into.Add((met & 1u << f) != 0);
        into.Add(TurnPhrases.AsksWhetherDone(now));
        into.Add(TurnPhrases.CountsTime(now));
    }

    private const int OpenWidth = 35;

    private void Open(ref Row into, scoped ReadOnlySpan<char> now, scoped ReadOnlySpan<float> scores, OpenInquiry open)
    {
        into.Family = TurnFeatures.Open;
        into.Add(1);
        foreach (var score in scores.Slice(turn.Offset, turn.Answers)) into.Add(score);
        into.Add(now.Length <= 8);
        into.Add(now.Length > 20);
        into.Add(now.Contains('?'));
        into.Add(TurnPhrases.AsksWhetherDone(now));
        into.Add(TurnPhrases.CountsTime(now));

        Span<char> joined = stackalloc char[MostOpenWords];
        ReadOnlySpan<char> matter = joined[..Join(open, joined)];
        Span<float> openScores = stackalloc float[linear.Stride];
        linear.ScoreNormal(matter, openScores);
        Span<float> openTopics = stackalloc float[topic.Answers];
        Span<float> topics = stackalloc float[topic.Answers];
        LinearModel.Probabilities(topic, openScores, openTopics);
        LinearModel.Probabilities(topic, scores, topics);
        float shared = 0, likeness = 0, surest = 0;
        for (var t = 0; t < topics.Length; t++)
        {
            shared += topics[t] * openTopics[t];
            likeness += MathF.Sqrt(topics[t] * openTopics[t]);
            surest = MathF.Max(surest, topics[t]);
        }
        var stated = topics[(int)open.Topic];
        var alike = Likeness.OfScores(scores.Slice(topic.Offset, topic.Answers), openScores.Slice(topic.Offset, topic.Answers));
        var margin = scores[topic.Offset + Likeness.Largest(topics)] - scores[topic.Offset + (int)open.Topic];
        var longer = Math.Min(1, now.Length / 15f);
        into.Family = TurnFeatures.Matter;
        into.Add(shared);
        into.Add(likeness);
        into.Add(surest);
        into.Add(stated);
        into.Add(surest - stated);
        into.Add(longer * (surest - stated));
        into.Add(longer * likeness);
        into.Add(MathF.Log(likeness + 0.01f) / 3);
        into.Add(alike);
        into.Add(longer * alike);
        into.Add(margin);
        var asks = TurnPhrases.Asks(now);
        into.Add(asks ? surest - stated : 0);
        into.Add(asks ? alike : 0);
        var (pairs, weighed, longest) = Likeness.OfWords(linear.Vocabulary, matter, now);
        into.Add(pairs);
        into.Add(weighed);
        into.Add(MathF.Min(1, longest / 4f));
        into.Add(longest >= 2);
        into.Add(longest >= 3);
        into.Add(longer * weighed);
        into.Add(now.Length > 8 && longest < 2);
    }

    // The first words, then the last of what followed: as much as there is room for.
    private static int Join(OpenInquiry open, Span<char> into)
    {
        var first = open.Text.AsSpan(0, Math.Min(open.Text.Length, into.Length / 2));
        var written = TextNormaliser.Normalise(first, into);
        for (var i = (open.Said?.Count ?? 0) - 1; i >= 0; i--)
        {
            var said = open.Said![i].AsSpan();
            if (written + 1 >= into.Length) break;
            into[written++] = ' ';
            if (said.Length > into.Length - written) said = said[..(into.Length - written)];
            written += TextNormaliser.Normalise(said, into[written..]);
        }
        return written;
    }

    private static void Before(ref Row into, TriageContext context, scoped ReadOnlySpan<float> before)
    {
        into.Family = TurnFeatures.Before;
        into.Add(1);
        foreach (var score in before) into.Add(score);
        var said = context.OpenInquiry?.Said;
        var onMatter = said is { Count: > 0 } && said[^1] == context.EarlierTexts[^1];
        into.Add(onMatter);
        into.Add(said is { Count: > 0 } && !onMatter);
        into.Add(said is { Count: 1 });
        into.Add(said is { Count: 2 });
        into.Add(said is { Count: 3 or 4 });
        into.Add(said is { Count: > 4 });
        into.Add(MathF.Log(1 + context.EarlierTexts.Count) / 2);
    }

    private ref struct Row(Span<float> values, TurnFeatures leftOut)
    {
        private readonly Span<float> _values = values;

        public int At;
        public TurnFeatures Family;

        public void Add(float value) => _values[At++] = (leftOut & Family) == 0 ? value : 0;

        public void Add(bool value) => Add(value ? 1f : 0f);
    }
}

using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Acts;

/// <summary>Teaches what a message does in its conversation, from whole conversations, pairs of messages and single acts, each read as it would be
/// if the linear model had not seen it.</summary>
internal static class TurnLessons
{
    // A pair has no course, an act alone no context: they count for less than a message in its conversation.
    private const float PairShare = 0.3f, ActShare = 0.3f;

    private const int Hidden = 2 * SmallNetwork.Lanes, Epochs = 12;
    private const float Rate = 0.006f;

    /// <summary>The network with weights kept before, or one that has learned nothing.</summary>
    public static SmallNetwork NetworkOf(float[]? weights) => new(weights, TurnReader.Width, TurnActs.Count, Hidden);

    public static SmallNetwork Learn(TriageModel model, LinearLearner.Lesson lesson, TriageLessons lessons, TriageSeeds seeds)
    {
        var rows = new List<SmallNetwork.Row>();
        for (var i = 0; i < seeds.Acts.Count; i++)
            Add(seeds.Acts[i].Text, lessons.FirstAct + i, -1, TriageContext.First, TurnActs.Of(seeds.Acts[i].Act), ActShare);
        for (var i = 0; i < seeds.Turns.Count; i++)
        {
            var previous = seeds.Turns[i].Previous;
            var open = new OpenInquiry((Inquiries.Topic)Best(Score(previous), model.Topic), previous, [previous]);
            Add(seeds.Turns[i].Text, lessons.FirstPair + i, -1, new TriageContext([previous], open), TurnActs.Of(seeds.Turns[i].Relation), PairShare);
        }
        var at = lessons.FirstTurn;
        foreach (var conversation in seeds.Conversations)
        {
            var before = new ConversationSoFar();
            foreach (var (index, turn) in conversation.Turns.Index())
            {
                Add(turn.Text, at, index > 0 ? at - 1 : -1, before.Context, turn.Act, 1);
                before.Hear(turn.Text, turn.Act, (Inquiries.Topic)Best(Score(turn.Text), model.Topic));
                at++;
            }
        }
        var learned = NetworkOf(null);
        learned.Learn(rows, Epochs, Rate);
        return learned;

        void Add(string text, int lessonAt, int beforeAt, TriageContext context, TurnAct act, float share)
        {
            var row = new float[TurnReader.Width];
            model.TurnReader.Read(TextNormaliser.Normalise(text), Unseen(text, lessonAt), context, row,
                beforeAt < 0 ? default : Unseen(context.EarlierTexts[^1], beforeAt));
            rows.Add(new(row, (int)act, share));
        }

        float[] Score(string text)
        {
            var scores = new float[model.Linear.Stride];
            model.Linear.Score(text, scores);
            return scores;
        }

        // The model's scores, but of what this text itself taught those of the part that had not seen it.
        float[] Unseen(string text, int lessonAt)
        {
            var scores = Score(text);
            for (var h = 0; h < model.Linear.Heads.Length; h++)
                lesson.Unseen[h][lessonAt].CopyTo(scores, model.Linear.Heads[h].Offset);
            return scores;
        }
    }

    private static int Best(ReadOnlySpan<float> scores, LearnedHead head)
    {
        var own = scores.Slice(head.Offset, head.Answers);
        var best = 0;
        for (var i = 1; i < own.Length; i++) if (own[i] > own[best]) best = i;
        return best;
    }
}

using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.ProblemLists;

/// <summary>An inquiry as a problem list sees it.</summary>
public sealed record ProblemFact(long InquiryId, long YouthId, ProblemCategory Category, Topic Topic, string Words, DateTimeOffset At, bool IsOpen);

/// <summary>Groups a period's inquiries into problems (DOMAIN.md §8). Pure and deterministic: the same facts in any order give the same entries.</summary>
public static class ProblemGrouping
{
    private const int TitleLength = 40;

    /// <param name="before">The entries of the period before, for the trend.</param>
    public static List<ProblemEntry> Group(IEnumerable<ProblemFact> facts, IReadOnlyList<ProblemEntry> before, IReadOnlyDictionary<long, string> wordsBefore, Things things)
    {
        var entries = new List<ProblemEntry>();
        foreach (var kind in facts.GroupBy(f => (f.Category, f.Topic)).OrderBy(g => g.Key))
        {
            List<ProblemFact> ordered = [.. kind.OrderBy(f => f.At).ThenBy(f => f.InquiryId)];
            foreach (List<int> group in SimilarTexts.Group([.. ordered.Select(f => f.Words)], things))
                entries.Add(Entry(kind.Key.Category, kind.Key.Topic, [.. group.Select(i => ordered[i])]));
        }
        foreach (ProblemEntry entry in entries)
            entry.YouthsBefore = Matching(entry, before, wordsBefore, things)?.DistinctYouths;
        List<ProblemEntry> ranked = [.. entries.OrderByDescending(e => e.DistinctYouths).ThenByDescending(e => e.Inquiries)
            .ThenBy(e => e.FirstAt).ThenBy(e => e.Items[0].InquiryId)];
        for (int i = 0; i < ranked.Count; i++)
            ranked[i].Rank = i + 1;
        return ranked;
    }

    private static ProblemEntry Entry(ProblemCategory category, Topic topic, List<ProblemFact> facts) => new()
    {
        Title = Title(facts, topic),
        Category = category,
        Topic = topic,
        DistinctYouths = facts.Select(f => f.YouthId).Distinct().Count(),
        Inquiries = facts.Count,
        FirstAt = facts[0].At,
        LastAt = facts[^1].At,
        Open = facts.Count(f => f.IsOpen),
        Items = [.. facts.Select(f => new ProblemEntryInquiry { InquiryId = f.InquiryId })],
    };

    // An erased youth's words are empty: such an entry is named by its topic.
    private static string Title(List<ProblemFact> facts, Topic topic)
    {
        List<string> words = [.. facts.Select(f => f.Words).Where(w => w.Length > 0)];
        if (words.Count == 0)
            return $"{ChineseNames.Of(topic)}方面的诉求";
        string title = words[SimilarTexts.Centre(words)];
        return title.Length <= TitleLength ? title : string.Concat(title.AsSpan(0, char.IsHighSurrogate(title[TitleLength - 2]) ? TitleLength - 2 : TitleLength - 1), "…");
    }

    private static ProblemEntry? Matching(ProblemEntry entry, IReadOnlyList<ProblemEntry> before, IReadOnlyDictionary<long, string> wordsBefore, Things things) =>
        before.Where(b => b.Category == entry.Category && b.Topic == entry.Topic)
            .Select(b => (Entry: b, Words: b.Items.Select(i => wordsBefore.GetValueOrDefault(i.InquiryId, "")).Where(w => w.Length > 0).Prepend(b.Title).ToList()))
            .Where(b => SimilarTexts.Group([entry.Title, .. b.Words], things)[0].Count > 1)
            .OrderBy(b => b.Entry.Rank).Select(b => b.Entry).FirstOrDefault();
}

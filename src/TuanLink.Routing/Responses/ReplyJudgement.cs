using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Responses;

/// <summary>
/// Tells a reply that says something from one that only says it was received (DOMAIN.md §6). A near-copy of what the same person told
/// others about another matter says nothing either.
/// </summary>
public sealed class ReplyJudgement(EmptyWords empty)
{
    private const double NearCopy = 0.85;
    private const int RepliesCompared = 40;

    /// <summary>Judges the words alone.</summary>
    /// <returns>Why they are perfunctory, to be shown to the writer; none if they say something.</returns>
    public string? Judge(string text) =>
        !empty.Are(text) ? null
        : EmptyWords.Bare(text).Length == 0 ? "回复没有内容。"
        : "回复只有“已收到、请等待、已转办”或口号一类的话，没有回答青年的问题。";

    /// <summary>Judges the words and compares them with what the writer lately told others about other matters.</summary>
    public async Task<string?> Judge(RoutingDb db, Inquiry inquiry, long writerId, string text, CancellationToken cancel)
    {
        if (Judge(text) is { } reason)
            return reason;
        HashSet<int> shingles = Shingles(text);
        if (shingles.Count < 12)
            return null;
        var earlier = await db.Messages
            .Where(m => m.HandlerId == writerId && !m.IsPrivateNote && m.InquiryId != null && m.InquiryId != inquiry.Id)
            .OrderByDescending(m => m.Id).Take(RepliesCompared)
            .Join(db.Inquiries, m => m.InquiryId, i => i.Id, (m, i) => new { m.Text, i.Topic, i.Category, i.Reference }).ToListAsync(cancel);
        // The same answer to the same question is right; the same answer to another matter is not.
        return earlier.FirstOrDefault(e => e.Topic != inquiry.Topic && Similarity(shingles, Shingles(e.Text)) >= NearCopy) is { } copy
            ? $"与您答复 {copy.Reference}（另一主题）的话几乎相同，请针对这位青年的问题回答。"
            : null;
    }

    private static HashSet<int> Shingles(string text)
    {
        string bare = EmptyWords.Bare(text);
        var shingles = new HashSet<int>();
        for (int i = 0; i + 3 <= bare.Length; i++)
            shingles.Add(string.GetHashCode(bare.AsSpan(i, 3), StringComparison.Ordinal));
        return shingles;
    }

    private static double Similarity(HashSet<int> a, HashSet<int> b)
    {
        int both = a.Count(b.Contains);
        return both == 0 ? 0 : (double)both / (a.Count + b.Count - both);
    }
}

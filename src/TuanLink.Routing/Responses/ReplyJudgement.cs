using System.Text;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Responses;

/// <summary>
/// Tells a reply that says something from one that only says it was received (DOMAIN.md §6): what remains after the boilerplate of
/// seeds/replies.tsv is taken out decides, so a short exact answer passes. A near-copy of what the same person told others fails.
/// </summary>
public sealed class ReplyJudgement
{
    // What is left of a reply after its boilerplate must say at least this much, unless it holds a fact.
    private const int LeastLeft = 14;
    private const double NearCopy = 0.85;
    private const int RepliesCompared = 40;

    private readonly string[] _boilerplate;
    private readonly string[] _facts;

    private ReplyJudgement(string[] boilerplate, string[] facts) => (_boilerplate, _facts) = (boilerplate, facts);

    /// <exception cref="FormatException">A line has no known kind; file and line are named.</exception>
    public static ReplyJudgement Read(string file)
    {
        var boilerplate = new List<string>();
        var facts = new List<string>();
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (number == 1 || string.IsNullOrWhiteSpace(line))
                continue;
            string[] cells = line.Split('\t');
            if (cells.Length < 2)
                throw new FormatException($"{Path.GetFileName(file)} line {number}: kind and words are needed.");
            (cells[0] switch
            {
                "boilerplate" => boilerplate,
                "fact" => facts,
                _ => throw new FormatException($"{Path.GetFileName(file)} line {number}: '{cells[0]}' is neither boilerplate nor fact."),
            }).Add(Bare(cells[1]));
        }
        // The longest first, so that a phrase is taken out whole before its parts.
        return new([.. boilerplate.OrderByDescending(b => b.Length).ThenBy(b => b, StringComparer.Ordinal)], [.. facts]);
    }

    /// <summary>Judges the words alone.</summary>
    /// <returns>Why they are perfunctory, to be shown to the writer; none if they say something.</returns>
    public string? Judge(string text)
    {
        string bare = Bare(text);
        string left = bare;
        foreach (string phrase in _boilerplate)
            left = left.Replace(phrase, "", StringComparison.Ordinal);
        if (left.Length == bare.Length && bare.Length > 0)
            return null;
        if (left.Length >= LeastLeft || left.Any(char.IsAsciiDigit) || _facts.Any(f => left.Contains(f, StringComparison.Ordinal)) || text.Contains('？') || text.Contains('?'))
            return null;
        return bare.Length == 0 ? "回复没有内容。" : "回复只有“已收到、请等待、已转办”一类的话，没有回答青年的问题。";
    }

    /// <summary>Judges the words and compares them with what the writer lately told others about other matters.</summary>
    public async Task<string?> Judge(RoutingDb db, Inquiry inquiry, long writerId, string text, CancellationToken cancel)
    {
        if (Judge(text) is { } empty)
            return empty;
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

    private static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormKC))
            if (char.IsLetterOrDigit(c))
                bare.Append(char.ToLowerInvariant(c));
        return bare.ToString();
    }

    private static HashSet<int> Shingles(string text)
    {
        string bare = Bare(text);
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

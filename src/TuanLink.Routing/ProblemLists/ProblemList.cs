using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.ProblemLists;

/// <summary>A cadre's problem list (问题清单) for a period; compiled by the system, the same data gives the same list.</summary>
public sealed class ProblemList
{
    public long Id { get; set; }
    public long CadreId { get; set; }

    /// <summary>The period, UTC moments of Shanghai midnights: from inclusive, until exclusive.</summary>
    public DateTimeOffset From { get; set; }
    public DateTimeOffset Until { get; set; }

    public DateTimeOffset CompiledAt { get; set; }
    public List<ProblemEntry> Entries { get; set; } = [];
}

/// <summary>One recurrent problem: its paraphrases joined, counted in distinct youths.</summary>
public sealed class ProblemEntry
{
    public long Id { get; set; }
    public long ProblemListId { get; set; }
    public int Rank { get; set; }
    public required string Title { get; set; }
    public ProblemCategory Category { get; set; }
    public Topic Topic { get; set; }
    public int DistinctYouths { get; set; }
    public int Inquiries { get; set; }
    public DateTimeOffset FirstAt { get; set; }
    public DateTimeOffset LastAt { get; set; }

    /// <summary>Distinct youths of the matching entry in the period before; none if it is new.</summary>
    public int? YouthsBefore { get; set; }

    /// <summary>How many of its inquiries are still open.</summary>
    public int Open { get; set; }

    public List<ProblemEntryInquiry> Items { get; set; } = [];
}

/// <summary>Ties an entry to an inquiry it was compiled from.</summary>
public sealed class ProblemEntryInquiry
{
    public long Id { get; set; }
    public long ProblemEntryId { get; set; }
    public long InquiryId { get; set; }
}

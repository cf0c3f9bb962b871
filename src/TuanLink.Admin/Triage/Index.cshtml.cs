using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Admin.Inquiries;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.SecondOpinions;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Admin.Triage;

/// <summary>An item of the desk: what the youth wrote, why it was sorted so, what else it may be.</summary>
/// <param name="Second">What a language model said, where the office uses one.</param>
/// <param name="Files">What came with the words, or instead of them.</param>
public sealed record DeskItem(Inquiry Inquiry, string Words, Explanation Why, SecondOpinion? Second, FileList Files);

/// <summary>
/// The triage desk: what the sorter was not sure of, danger first, then whoever waits longest. Each has a named owner already; here one
/// click makes its topic sure, or puts one thing right. Every click is a plain form: it works by keyboard and without JavaScript.
/// </summary>
public sealed class IndexModel : AdminPage
{
    private const int Shown = 40;

    [FromQuery(Name = "show")] public Topic? Show { get; set; }

    public List<DeskItem> Items { get; private set; } = [];
    public List<(Topic Topic, int Count)> Topics { get; private set; } = [];
    public int Total { get; private set; }

    public async Task OnGetAsync()
    {
        IQueryable<Inquiry> waiting = Db.Inquiries.ReadableBy(Db, Viewer).Where(i => i.Status == InquiryStatus.AwaitingTriage);
        Topics = [.. (await waiting.GroupBy(i => i.Topic).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(Cancel)).Select(g => (g.Key, g.Count)).OrderBy(t => t.Key)];
        Total = Topics.Sum(t => t.Count);
        if (Show is { } topic)
            waiting = waiting.Where(i => i.Topic == topic);
        List<Inquiry> items = await waiting.OrderByDescending(i => i.Risk == Risk.Crisis ? 2 : i.Risk == Risk.Concern ? 1 : 0)
            .ThenBy(i => i.RoundStartedAt).ThenBy(i => i.Id).Take(Shown).ToListAsync(Cancel);
        List<long> ids = items.ConvertAll(i => i.Id);
        ILookup<long?, string> words = (await Db.Messages.Where(m => m.Author == Author.Youth && m.Text != "" && m.InquiryId != null && ids.Contains(m.InquiryId.Value))
            .OrderBy(m => m.Id).Select(m => new { m.InquiryId, m.Text }).ToListAsync(Cancel)).ToLookup(m => m.InquiryId, m => m.Text);
        Dictionary<long, SecondOpinion> second = await Db.SecondOpinions.Where(o => ids.Contains(o.InquiryId) && o.State == OpinionState.Given).ToDictionaryAsync(o => o.InquiryId, Cancel);
        ILookup<long?, Attachment> files = (await Db.Attachments.Join(Db.Messages, a => a.MessageId, m => m.Id, (a, m) => new { File = a, m.InquiryId })
            .Where(f => f.InquiryId != null && ids.Contains(f.InquiryId.Value)).OrderBy(f => f.File.Id).ToListAsync(Cancel)).ToLookup(f => f.InquiryId, f => f.File);
        Items = items.ConvertAll(i => new DeskItem(i, string.Join("\n", words[i.Id]), Explanation.Of(Service<SorterInUse>(), i, words[i.Id].FirstOrDefault() ?? ""), second.GetValueOrDefault(i.Id),
            new FileList(i.Reference, [.. files[i.Id]])));
    }

    /// <summary>One click: a topic settles the item, anything else puts one thing right and leaves it here.</summary>
    /// <param name="other">A topic from the list of all, for <paramref name="pick"/> "other".</param>
    /// <param name="next">The item below, to go on with.</param>
    public async Task<IActionResult> OnPostAsync(string reference, Topic? topic, Topic? other, string? pick, InquiryKind? kind, Urgency? urgency, ProblemCategory? category, string? next)
    {
        if (pick == "other")
            topic = other;
        if (!ModelState.IsValid || (topic is null && kind is null && urgency is null && category is null))
            return BadRequest();
        if (await Db.Inquiries.ReadableBy(Db, Viewer).FirstOrDefaultAsync(i => i.Reference == reference, Cancel) is not { } found)
            return NotFound();
        // An urgency of crisis is a danger: it calls the responder at once.
        bool danger = urgency == Urgency.Crisis;
        var correction = new Correction(topic, kind, danger ? null : urgency, category, danger ? Risk.Crisis : null, Settles: topic is not null);
        bool done = await Try(async (db, cancel) => await Service<CorrectSorting>().Correct(db, await db.Inquiries.SingleAsync(i => i.Id == found.Id, cancel), Self, correction, Now, cancel),
            topic is { } chosen ? $"{reference} 已研判：{ChineseNames.Of(chosen)}。" : danger ? $"{reference} 已升为危急，正在呼叫值守人。" : $"{reference} 已更正，主题仍待确认。");
        string place = done && (topic is not null || danger) ? next ?? "" : reference;
        return Redirect($"/triage{(Show is { } show ? $"?show={show}" : "")}#{Uri.EscapeDataString(place)}");
    }
}

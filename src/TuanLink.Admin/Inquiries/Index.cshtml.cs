using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Admin.Inquiries;

/// <summary>My items: what I am offered, then what I hold or own, danger first, then by the time left.</summary>
public sealed class IndexModel : AdminPage
{
    private const int PageSize = 40;
    private const int LastPage = 10_000;

    [FromQuery(Name = "show")] public string? Show { get; set; }
    [FromQuery(Name = "topic")] public Topic? Topic { get; set; }
    [FromQuery(Name = "words")] public string? Words { get; set; }
    [FromQuery(Name = "page-number")] public int Number { get; set; } = 1;

    public IReadOnlyList<(string, string)> Choices { get; } =
        [("open", "在办"), ("crisis", "危急"), ("late", "超时未答"), ("waiting", "待答复"), ("answered", "已答待确认"), ("mine", "只看我处理的"), ("ended", "已结束"), ("all", "全部")];

    public List<Inquiry> Items { get; private set; } = [];
    public List<(Handoff Handoff, Inquiry Inquiry)> Offers { get; private set; } = [];
    public int Crises { get; private set; }
    public int Late { get; private set; }
    public int Waiting { get; private set; }
    public int Answered { get; private set; }
    public bool HasMore { get; private set; }
    public bool IsFiltered => Show is not (null or "open") || Topic is not null || !string.IsNullOrEmpty(Words);

    public async Task OnGetAsync()
    {
        DateTimeOffset now = Now;
        IQueryable<Inquiry> mine = Db.Inquiries.ReadableBy(Db, Viewer);
        IQueryable<Inquiry> open = Open(mine);
        Crises = await open.CountAsync(i => i.Risk == Risk.Crisis, Cancel);
        Late = await open.CountAsync(i => i.RoundAnsweredAt == null && i.ResponseDueAt < now, Cancel);
        Waiting = await open.CountAsync(i => i.RoundAnsweredAt == null, Cancel);
        Answered = await open.CountAsync(i => i.Status == InquiryStatus.Answered, Cancel);

        IQueryable<Inquiry> shown = Show switch
        {
            "crisis" => open.Where(i => i.Risk == Risk.Crisis),
            "late" => open.Where(i => i.RoundAnsweredAt == null && i.ResponseDueAt < now),
            "waiting" => open.Where(i => i.RoundAnsweredAt == null),
            "answered" => open.Where(i => i.Status == InquiryStatus.Answered),
            "mine" => open.Where(i => i.HandlerId == Viewer.HandlerId),
            "ended" => mine.Where(i => i.Status == InquiryStatus.Resolved || i.Status == InquiryStatus.Closed || i.Status == InquiryStatus.Withdrawn || i.Status == InquiryStatus.Dismissed || i.Status == InquiryStatus.Merged),
            "all" => mine,
            _ => open,
        };
        if (Topic is { } topic)
            shown = shown.Where(i => i.Topic == topic);
        if (!string.IsNullOrWhiteSpace(Words))
        {
            // PostgreSQL knows no NUL.
            string words = Words.Replace("\0", "", StringComparison.Ordinal).Trim();
            shown = shown.Where(i => i.Reference.Contains(words) || i.Headline.Contains(words));
        }
        Number = Math.Clamp(Number, 1, LastPage);
        Items = await shown
            .OrderByDescending(i => i.Risk == Risk.Crisis ? 2 : i.Risk == Risk.Concern ? 1 : 0)
            .ThenBy(i => i.RoundAnsweredAt != null).ThenBy(i => i.ResponseDueAt).ThenBy(i => i.Id)
            .Skip((Number - 1) * PageSize).Take(PageSize + 1).ToListAsync(Cancel);
        HasMore = Items.Count > PageSize;
        if (HasMore)
            Items.RemoveAt(PageSize);

        if (Viewer.HandlerId is { } self)
            Offers = (await Db.Handoffs.Where(h => h.ToId == self && h.Outcome == HandoffOutcome.Pending && h.ExpiresAt > now)
                .Join(Db.Inquiries.ReadableBy(Db, Viewer), h => h.InquiryId, i => i.Id, (h, i) => new { h, i }).ToListAsync(Cancel))
                .Select(o => (o.h, o.i)).OrderByDescending(o => o.i.Risk).ThenBy(o => o.h.ExpiresAt).ToList();
    }

    public async Task<IActionResult> OnPostAcceptAsync(long id)
    {
        await Try((db, cancel) => Service<TransferInquiry>().Accept(db, id, Self, Now, cancel), "已接办，现在由您处理。");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostDeclineAsync(long id, string? reason)
    {
        await Try((db, cancel) => Service<TransferInquiry>().Decline(db, id, Self, reason ?? "", Now, cancel), "已婉拒，理由已告知原处理人。");
        return RedirectToPage();
    }

    public string PageLink(int number) =>
        $"/?show={Uri.EscapeDataString(Show ?? "open")}&topic={Topic}&words={Uri.EscapeDataString(Words ?? "")}&page-number={number.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    internal static IQueryable<Inquiry> Open(IQueryable<Inquiry> inquiries) => inquiries.Where(i =>
        i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned || i.Status == InquiryStatus.Answered || i.Status == InquiryStatus.Reopened);
}

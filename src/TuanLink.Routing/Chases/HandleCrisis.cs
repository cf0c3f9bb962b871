using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Timeline;

namespace TuanLink.Routing.Chases;

public sealed class ThisIsNoCrisis() : Refusal("这件诉求不是危急诉求。");
public sealed class AcknowledgeBeforeContact() : Refusal("请先确认接手，再记录联系结果。");
public sealed class ContactNeedsAnOutcome() : Refusal("联系结果须写明；回访时间须在现在之后。");
public sealed class SignOffNeedsASecondPerson() : Refusal("签字须在记录联系结果之后，并由另一名干部完成。");

/// <summary>What humans do about a crisis: acknowledge (the ladder stops), record the contact, and a second person signs off. Only then may it end (DOMAIN.md §5).</summary>
public sealed class HandleCrisis(Rosters rosters)
{
    /// <summary>A named human takes it on: the ladder stops. Whoever acknowledges and does not hold it yet takes it into their hands.</summary>
    /// <exception cref="Refusal">It is no open crisis, or the person is complained of in it.</exception>
    public async Task Acknowledge(RoutingDb db, long inquiryId, long byId, DateTimeOffset now, CancellationToken cancel)
    {
        (Inquiry inquiry, Cadre cadre) = await Open(db, inquiryId, byId, cancel);
        if (inquiry.CrisisAcknowledgedAt is not null)
            return;
        (inquiry.CrisisAcknowledgedAt, inquiry.CrisisAcknowledgedBy) = (now, byId);
        if (inquiry.HandlerId != byId)
            await db.TryGive(inquiry, byId, now, whateverTheLoad: true, cancel);
        db.Happened(inquiryId, now, Happening.CrisisAcknowledged, $"{cadre.PublicName}已确认接手，停止逐级呼叫", byId);
    }

    /// <summary>What came of contacting the youth, and when they will be contacted again.</summary>
    /// <exception cref="Refusal">Nobody acknowledged it yet, there are no words, or the follow-up is not in the future.</exception>
    public async Task RecordContact(RoutingDb db, long inquiryId, long byId, string outcome, DateTimeOffset followUpAt, DateTimeOffset now, CancellationToken cancel)
    {
        (Inquiry inquiry, Cadre cadre) = await Open(db, inquiryId, byId, cancel);
        if (inquiry.CrisisAcknowledgedAt is null)
            throw new AcknowledgeBeforeContact();
        if (string.IsNullOrWhiteSpace(outcome) || outcome.Length > 1000 || followUpAt <= now)
            throw new ContactNeedsAnOutcome();
        (inquiry.ContactOutcome, inquiry.ContactRecordedBy, inquiry.FollowUpAt, inquiry.SignedOffBy) = (outcome.Trim(), byId, followUpAt, null);
        db.Happened(inquiryId, now, Happening.ContactRecorded, $"{cadre.PublicName}记录了联系结果和回访时间", byId);
    }

    /// <summary>A second person confirms that the youth was reached; from now on the item may end like any other.</summary>
    /// <exception cref="Refusal">No contact is recorded, or it is the same person.</exception>
    public async Task SignOff(RoutingDb db, long inquiryId, long byId, DateTimeOffset now, CancellationToken cancel)
    {
        (Inquiry inquiry, Cadre cadre) = await Open(db, inquiryId, byId, cancel);
        if (inquiry.ContactOutcome is null || inquiry.FollowUpAt is null || inquiry.ContactRecordedBy == byId)
            throw new SignOffNeedsASecondPerson();
        inquiry.SignedOffBy = byId;
        db.Happened(inquiryId, now, Happening.SignedOff, $"{cadre.PublicName}签字确认", byId);
    }

    private async Task<(Inquiry, Cadre)> Open(RoutingDb db, long inquiryId, long byId, CancellationToken cancel)
    {
        Inquiry inquiry = await db.Inquiries.FindAsync([inquiryId], cancel) ?? throw new NoSuchInquiry();
        Cadre cadre = (await rosters.Current(cancel)).FindCadre(byId) ?? throw new OnlyTheHandlerMay();
        if (inquiry.AboutCadreId == byId)
            throw new NoSuchInquiry();
        if (inquiry.Risk != Risk.Crisis)
            throw new ThisIsNoCrisis();
        return inquiry.IsOpen ? (inquiry, cadre) : throw new InquiryIsOver();
    }
}

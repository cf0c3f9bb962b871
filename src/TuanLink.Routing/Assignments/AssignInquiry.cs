using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Assignments;

/// <summary>The service holds no cadre at all, so no inquiry can be taken: the channel is told to come again.</summary>
public sealed class NobodyToAnswer() : Exception("There is no active cadre; import units and cadres before opening the service to youths.");

/// <summary>Finds an inquiry its people (DOMAIN.md §4): conflict, crisis, owner, expert, duty desk; every step leaves its reason.</summary>
public sealed class AssignInquiry(Rosters rosters, WorkingCalendars calendars, ResponseClock clock, IOptions<RoutingOptions> options)
{
    private static readonly PreparedSql OnDuty = new("SELECT id, open_items, capacity, last_assigned_at FROM handlers WHERE active AND on_duty");

    private static readonly PreparedSql LinkedCadres = new("SELECT cadre_id FROM contact_links WHERE youth_id = $1 AND until IS NULL ORDER BY since, id");

    private static readonly PreparedSql ExpertsAsked = new($"SELECT to_id FROM handoffs WHERE inquiry_id = $1 AND kind = '{nameof(HandoffKind.ExpertOffer)}'");

    private static readonly PreparedSql PendingCancelled = new(
        $"UPDATE handoffs SET outcome = '{nameof(HandoffOutcome.Cancelled)}', answered_at = $1 WHERE inquiry_id = $2 AND outcome = '{nameof(HandoffOutcome.Pending)}'");

    /// <summary>Gives a new inquiry its owner and handler, and offers it to an expert where the topic asks for one.</summary>
    /// <param name="words">The youth's words, read for names and regions only.</param>
    /// <param name="certain">Whether the topic is sure enough to involve an expert before a human looked.</param>
    /// <exception cref="NobodyToAnswer">There is no cadre at all.</exception>
    public async Task Assign(RoutingDb db, Inquiry inquiry, string words, bool certain, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        List<long> linked = await LinkedCadres.Read(db, row => row.Number(0), inquiry.YouthId);
        if (ConflictOfInterest.Find(words, inquiry.Kind, roster, linked) is { } concerned)
            inquiry.AboutCadreId = concerned.Id;
        AssignmentCase item = Case(inquiry, words, roster, linked);
        IReadOnlyDictionary<long, Load> loads = await Loads(db);

        Candidate owner = AssignmentPolicy.Owners(item, roster, loads, now).FirstOrDefault() ?? throw new NobodyToAnswer();
        inquiry.OwnerId = owner.Person.Id;
        Candidate handler = inquiry.Risk == Risk.Crisis
            ? await GiveToFirst(db, inquiry, AssignmentPolicy.CrisisResponders(item, roster, now), now, cancel)
            : owner = await GiveToFirst(db, inquiry, AssignmentPolicy.Owners(item, roster, loads, now), now, cancel);
        inquiry.OwnerId = owner.Person.Id;

        // Only now has the inquiry an id to hang reasons on.
        if (inquiry.AboutCadreId is not null)
            db.Happened(inquiry.Id, now, Happening.Routed, "诉求涉及一名团干部，已对其回避");
        db.Happened(inquiry.Id, now, Happening.Routed, handler.Person.Id == inquiry.OwnerId
            ? $"由{owner.Person.PublicName}负责：{owner.Reason}"
            : $"由{handler.Person.PublicName}处理：{handler.Reason}；{owner.Person.PublicName}负责到底：{owner.Reason}");
        string what = inquiry.Risk == Risk.Crisis ? "危急诉求" : inquiry.Urgency == Urgency.Priority ? "紧急诉求" : "新诉求";
        db.Notify(inquiry.HandlerId, $"{what} {inquiry.Reference} 由您处理", now, inquiry.Id, urgent: inquiry.Risk == Risk.Crisis);
        if (inquiry.OwnerId != inquiry.HandlerId)
            db.Notify(inquiry.OwnerId, $"{what} {inquiry.Reference} 由{handler.Person.PublicName}处理，您负责到底", now, inquiry.Id, urgent: inquiry.Risk == Risk.Crisis);

        if (certain && inquiry.Risk != Risk.Crisis)
            await OfferToExpert(db, inquiry, item, roster, loads, now, cancel);
    }

    /// <summary>Calls the crisis responder for an item that others held until its risk rose.</summary>
    public async Task CallCrisisResponder(RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        AssignmentCase item = Case(inquiry, "", roster, []);
        long before = inquiry.HandlerId;
        Candidate responder = AssignmentPolicy.CrisisResponders(item, roster, now).FirstOrDefault() ?? throw new NobodyToAnswer();
        if (responder.Person.Id != before)
            responder = await GiveToFirst(db, inquiry, AssignmentPolicy.CrisisResponders(item, roster, now), now, cancel);
        await CancelOffers(db, inquiry.Id, now);
        db.Happened(inquiry.Id, now, Happening.Routed, $"转危机处置，由{responder.Person.PublicName}处理：{responder.Reason}");
        foreach (long person in new HashSet<long> { inquiry.HandlerId, inquiry.OwnerId, before })
            db.Notify(person, $"危急：{inquiry.Reference} 风险升级，由{responder.Person.PublicName}处理", now, inquiry.Id, urgent: true);
    }

    /// <summary>Takes the item from a handler who left it unanswered and gives it to another, else to the duty desk.</summary>
    /// <returns>The new handler.</returns>
    public async Task<Handler> Reassign(RoutingDb db, Inquiry inquiry, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        AssignmentCase item = Case(inquiry, "", roster, []);
        item = item with { Excluded = new HashSet<long>(item.Excluded) { inquiry.HandlerId } };
        IReadOnlyDictionary<long, Load> loads = await Loads(db);
        long before = inquiry.HandlerId;
        Candidate next = await GiveToFirst(db, inquiry, AssignmentPolicy.Owners(item, roster, loads, now), now, cancel);
        await CancelOffers(db, inquiry.Id, now);
        db.Happened(inquiry.Id, now, Happening.Reassigned, $"{reason}，改由{next.Person.PublicName}处理：{next.Reason}");
        db.Notify(inquiry.HandlerId, $"{inquiry.Reference} {reason}，改由您处理", now, inquiry.Id, urgent: true);
        db.Notify(before, $"{inquiry.Reference} {reason}，已改由{next.Person.PublicName}处理", now, inquiry.Id);
        return next.Person;
    }

    /// <summary>Gives a reopened item back to its handler, or to the owner or another when that handler is not there.</summary>
    public async Task GiveBack(RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        List<long> preferred = [inquiry.HandlerId, inquiry.OwnerId];
        foreach (long person in preferred)
            if (roster.FindHandler(person) is { } handler && roster.IsPresent(handler, now) && person != inquiry.AboutCadreId
                && await db.TryGive(inquiry, person, now, whateverTheLoad: true, cancel))
                return;
        AssignmentCase item = Case(inquiry, "", roster, []);
        IReadOnlyDictionary<long, Load> loads = await Loads(db);
        Candidate next = await GiveToFirst(db, inquiry, AssignmentPolicy.Owners(item, roster, loads, now), now, cancel);
        db.Happened(inquiry.Id, now, Happening.Reassigned, $"原处理人不在岗，改由{next.Person.PublicName}处理：{next.Reason}");
    }

    /// <summary>Offers an item to an expert once its topic is sure; does nothing where the topic needs none or none is free.</summary>
    public async Task OfferToExpert(RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        AssignmentCase item = Case(inquiry, "", roster, []);
        await OfferToExpert(db, inquiry, item, roster, await Loads(db), now, cancel);
    }

    private async Task OfferToExpert(RoutingDb db, Inquiry inquiry, AssignmentCase item, Roster roster,
        IReadOnlyDictionary<long, Load> loads, DateTimeOffset now, CancellationToken cancel)
    {
        if (!options.Value.ProfessionalTopics.Contains(inquiry.Topic))
            return;
        HashSet<long> asked = [.. await ExpertsAsked.Read(db, row => row.Number(0), inquiry.Id)];
        Candidate? expert = AssignmentPolicy.Experts(item, roster, loads).FirstOrDefault(c => !asked.Contains(c.Person.Id));
        if (expert is null)
        {
            db.Happened(inquiry.Id, now, Happening.Routed, "服务联盟暂无可接的专家，由负责人直接答复");
            return;
        }
        db.Handoffs.Add(new Handoff
        {
            InquiryId = inquiry.Id,
            Kind = HandoffKind.ExpertOffer,
            FromId = inquiry.HandlerId,
            ToId = expert.Person.Id,
            Reason = expert.Reason,
            OfferedAt = now,
            ExpiresAt = clock.AcceptBy(now, calendars.Of(roster.UnitOf(inquiry.UnitId).Code)),
        });
        db.Happened(inquiry.Id, now, Happening.ExpertOffered, $"请{expert.Person.PublicName}接办：{expert.Reason}");
        db.Notify(expert.Person.Id, $"{inquiry.Reference} 请您接办", now, inquiry.Id);
    }

    internal static async Task CancelOffers(RoutingDb db, long inquiryId, DateTimeOffset now) => await PendingCancelled.Execute(db, now, inquiryId);

    private static AssignmentCase Case(Inquiry inquiry, string words, Roster roster, IReadOnlyList<long> linked) => new(
        inquiry.UnitId, inquiry.Topic, inquiry.Risk, linked, roster.RegionNamedIn(words, roster.UnitOf(inquiry.UnitId)),
        inquiry.AboutCadreId is { } about ? new HashSet<long> { about } : new HashSet<long>());

    private static async Task<Candidate> GiveToFirst(RoutingDb db, Inquiry inquiry, IEnumerable<Candidate> candidates, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (Candidate candidate in candidates)
            if (await db.TryGive(inquiry, candidate.Person.Id, now, candidate.WhateverTheLoad, cancel))
                return candidate;
        throw new NobodyToAnswer();
    }

    // Read once a transaction (on SQLite: once a commit) and kept true by the claims in it.
    private static async ValueTask<IReadOnlyDictionary<long, Load>> Loads(RoutingDb db) =>
        db.Loads ??= (await OnDuty.Read(db, row => (Id: row.Number(0),
                Load: new Load((int)row.Number(1), (int)row.Number(2), row.IsNull(3) ? null : new DateTimeOffset(row.Number(3), TimeSpan.Zero)))))
            .ToDictionary(h => h.Id, h => h.Load);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Database;
using TuanLink.Routing.Experts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Imports;

/// <summary>
/// The demo city for development: the city of seeds/city, and sixty days of inquiries lived through by the real use cases at the moments
/// the file gives, so that every timeline, figure and list in it came about as it would in the service.
/// </summary>
public sealed class DemoCity(IDbContextFactory<RoutingDb> databases, ITransactions transactions, ImportCity import, InquiryDesk desk, Rosters rosters,
    RecordResponse responses, RecordDelivery deliveries, WriteNote notes, RecordConfirmation confirmations, TransferInquiry transfers,
    CorrectSorting corrections, HandleCrisis crises, ChaseOverdue chases, Wording wording, TimeProvider time)
{
    /// <summary>The channel of the demo's youths, who have no phone: words to them count as arrived when they are sent.</summary>
    public const string Channel = "demo";
    private static readonly JsonSerializerOptions Reading = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Loads the city into an empty database; does nothing where there is a unit already.</summary>
    /// <param name="sort">The sorter: it says what kind of danger a story is, and whose.</param>
    /// <returns>Whether it was loaded.</returns>
    /// <exception cref="MalformedFile">A seed file is wrong.</exception>
    public async Task<bool> LoadIfEmpty(string seeds, Func<string, Verdict> sort, CancellationToken cancel)
    {
        await using (RoutingDb db = await databases.CreateDbContextAsync(cancel))
            if (await db.Units.AnyAsync(cancel))
                return false;
        string folder = Path.Combine(seeds, "city");
        await import.Import(folder, cancel);
        await LiveThrough(Read(Path.Combine(folder, "demo-inquiries.jsonl")), sort, cancel);
        return true;
    }

    private async Task LiveThrough(List<Story> stories, Func<string, Verdict> sort, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        var moments = stories
            .SelectMany(s => s.Events.Select(e => (At: now.AddHours(-s.HoursAgo + e.AfterHours), Story: s, Event: (Happened?)e))
                .Prepend((At: now.AddHours(-s.HoursAgo), Story: s, Event: null)))
            .Where(m => m.At <= now).OrderBy(m => m.At).ToList();
        DateTimeOffset chased = moments[0].At;
        foreach ((DateTimeOffset at, Story story, Happened? happened) in moments)
        {
            for (; chased < at; chased = chased.AddHours(12))
                await chases.TakeDueSteps(chased, cancel);
            try
            {
                await transactions.Run(async (db, inner) =>
                {
                    if (happened is null)
                        await Begin(db, story, sort(story.Text), at, inner);
                    else
                        await Happen(db, story, happened, sort(story.Text), at, inner);
                    await db.SaveChangesAsync(inner);
                    await DeliverAll(db, at, inner);
                }, cancel);
            }
            catch (Refusal)
            {
                // The file and the rules may disagree about one step (a person on leave today); the story goes on without it.
            }
        }
    }

    private async Task Begin(RoutingDb db, Story story, Verdict read, DateTimeOffset at, CancellationToken cancel)
    {
        string pseudonym = ImportCity.PseudonymOf(story.Youth);
        Youth youth = await db.Youths.SingleAsync(y => y.Pseudonym == pseudonym, cancel);
        Conversation conversation = await db.Conversations.FirstOrDefaultAsync(c => c.YouthId == youth.Id, cancel)
            ?? db.Conversations.Add(new Conversation { YouthId = youth.Id, Channel = Channel, ChannelConversationId = $"demo-{story.Youth}", WelcomedAt = at, LastInboundAt = at }).Entity;
        await db.SaveChangesAsync(cancel);
        Message message = db.Messages.Add(new Message { ConversationId = conversation.Id, Author = Author.Youth, Text = story.Text, At = at }).Entity;
        bool unsure = story.Events.Any(e => e.What == "correct");
        Inquiry inquiry = await desk.Open(db, conversation, youth, message, VerdictOf(story, read, unsure), at, cancel);
        story.InquiryId = inquiry.Id;
    }

    private static Verdict VerdictOf(Story story, Verdict read, bool unsure) => new()
    {
        Topic = Code<Topic>(story.Topic),
        TopicProbability = unsure ? 0.41 : 0.93,
        Alternatives = [],
        Kind = Code<InquiryKind>(story.Kind),
        KindProbability = 0.9,
        Urgency = Code<Urgency>(story.Urgency),
        Category = story.Category switch { "思想困惑" => ProblemCategory.Confusion, "意见建议" => ProblemCategory.Opinion, _ => ProblemCategory.Difficulty },
        Risk = Code<Risk>(story.Risk),
        RiskType = story.Risk == "none" ? RiskType.None : read.RiskType == RiskType.None ? RiskType.SelfHarm : read.RiskType,
        AboutSomeoneElse = story.Risk != "none" && read.AboutSomeoneElse,
        Evidence = story.Risk == "none" ? [] : read.Evidence,
        NeedsHuman = unsure,
        Act = ConversationAct.Inquiry,
        ActProbability = 1,
        Relation = TurnRelation.NewTopic,
    };

    private async Task Happen(RoutingDb db, Story story, Happened happened, Verdict read, DateTimeOffset at, CancellationToken cancel)
    {
        if (await db.Inquiries.SingleOrDefaultAsync(i => i.Id == story.InquiryId, cancel) is not { } inquiry)
            return;
        Conversation conversation = await db.Conversations.SingleAsync(c => c.Id == inquiry.ConversationId, cancel);
        long handler = inquiry.HandlerId;
        switch (happened.What)
        {
            case "youth_message":
                Message more = db.Messages.Add(new Message { ConversationId = conversation.Id, Author = Author.Youth, Text = happened.Text!, At = at }).Entity;
                await desk.FollowUp(db, conversation, inquiry, more, VerdictOf(story, read, false) with { Risk = Risk.None, RiskType = RiskType.None }, at, cancel);
                break;
            case "reply":
                await responses.Send(db, inquiry.Id, handler, happened.Text!, sendAnyway: true, at, cancel);
                break;
            case "note":
                await notes.Write(db, inquiry.Id, handler, happened.Text!, at, cancel);
                break;
            case "transfer":
                await transfers.Offer(db, inquiry.Id, handler, await CodeOf(db, happened.To!, cancel), happened.Reason!, at, cancel);
                break;
            case "ask_expert":
                if (!await db.Handoffs.AnyAsync(h => h.InquiryId == inquiry.Id && h.Outcome == HandoffOutcome.Pending, cancel))
                    await transfers.Offer(db, inquiry.Id, handler, happened.Expert is { } e ? await CodeOf(db, e, cancel) : await AnyExpert(db, inquiry, cancel), "请专家协助答复", at, cancel);
                break;
            case "accept_transfer" or "expert_accept" or "expert_decline":
                Handoff? offer = await db.Handoffs.FirstOrDefaultAsync(h => h.InquiryId == inquiry.Id && h.Outcome == HandoffOutcome.Pending, cancel);
                if (offer is null)
                    break;
                // In the story the answer came; that it came within the limit is part of the story.
                offer.ExpiresAt = offer.ExpiresAt > at ? offer.ExpiresAt : at.AddMinutes(1);
                if (happened.What == "expert_decline")
                    await transfers.Decline(db, offer.Id, offer.ToId, happened.Reason!, at, cancel);
                else
                    await transfers.Accept(db, offer.Id, offer.ToId, at, cancel);
                break;
            case "confirm" when inquiry.RoundAnsweredAt is not null:
                await Confirm(db, conversation, inquiry, happened, at, cancel);
                break;
            case "withdraw":
                await EndInquiry.Withdraw(db, inquiry, at, cancel);
                break;
            case "dismiss":
                await EndInquiry.Dismiss(db, wording, inquiry, handler, await CodeOf(db, happened.Second!, cancel), happened.Reason!, at, cancel);
                break;
            case "correct":
                await corrections.Correct(db, inquiry, handler, new Correction(
                    happened.Topic is { } topic ? Code<Topic>(topic) : null, happened.Kind is { } kind ? Code<InquiryKind>(kind) : null,
                    happened.Urgency is { } urgency ? Code<Urgency>(urgency) : null, Reason: happened.Reason ?? ""), at, cancel);
                break;
            case "acknowledge_crisis":
                await crises.Acknowledge(db, inquiry.Id, handler, at, cancel);
                break;
            case "contact_outcome":
                await crises.RecordContact(db, inquiry.Id, handler, happened.Text!, at.AddDays(1), at, cancel);
                break;
            case "second_signoff":
                Roster roster = await rosters.Current(cancel);
                Cadre second = roster.Upwards(inquiry.UnitId).SelectMany(u => roster.OnPost(u.Id, Units.DutyRole.Leader)).First(c => c.Id != inquiry.ContactRecordedBy);
                await crises.SignOff(db, inquiry.Id, second.Id, at, cancel);
                break;
        }
    }

    private async Task Confirm(RoutingDb db, Conversation conversation, Inquiry inquiry, Happened happened, DateTimeOffset at, CancellationToken cancel)
    {
        if (inquiry.AskedAt is null)
        {
            inquiry.AskedAt = at;
            db.Confirmations.Add(new ConfirmationAsked { InquiryId = inquiry.Id, Round = inquiry.Round, HandlerId = inquiry.HandlerId, AskedAt = at });
            db.Happened(inquiry.Id, at, Happening.AskedIfHelpful, "系统询问答复是否解决问题");
            await db.SaveChangesAsync(cancel);
        }
        await confirmations.Say(db, conversation, inquiry, Code<Outcome>(happened.Outcome!), at, cancel);
        if (happened.Stars is { } stars && inquiry.Status != InquiryStatus.Assigned)
            await confirmations.Rate(db, conversation, inquiry, stars, at, cancel);
        else if (happened.Stars is { } unhappy)
            (inquiry.Stars, conversation.Pending) = (unhappy, PendingQuestion.None);
    }

    // In the story, too, words count as arrived when they were owed.
    private async Task DeliverAll(RoutingDb db, DateTimeOffset at, CancellationToken cancel)
    {
        foreach (OutboxMessage owed in await db.Outbox.Where(o => o.State == Delivery.Queued
            && db.Conversations.Any(c => c.Id == o.ConversationId && c.Channel == Channel)).OrderBy(o => o.Id).ToListAsync(cancel))
            await deliveries.Arrived(db, owed, at, cancel);
    }

    private static async Task<long> CodeOf(RoutingDb db, string code, CancellationToken cancel) =>
        await db.Handlers.Where(h => h.Code == code).Select(h => h.Id).SingleAsync(cancel);

    private async Task<long> AnyExpert(RoutingDb db, Inquiry inquiry, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        return roster.ExpertsFor(inquiry.Topic, roster.UnitOf(inquiry.UnitId).Region).FirstOrDefault(e => e.OnDuty)?.Id
            ?? await db.Experts.Where(e => e.OnDuty).OrderBy(e => e.Id).Select(e => e.Id).FirstAsync(cancel);
    }

    private static T Code<T>(string code) where T : struct, Enum =>
        SeedCodes.TryRead(code, out T value) ? value : throw new FormatException($"demo-inquiries.jsonl: '{code}' is no {typeof(T).Name}.");

    private static List<Story> Read(string file)
    {
        var stories = new List<Story>();
        int number = 0;
        foreach (string line in TabbedFile.AllLines(file))
        {
            number++;
            if (line.Length == 0)
                continue;
            try
            {
                stories.Add(JsonSerializer.Deserialize<Story>(line, Reading)!);
            }
            catch (JsonException e)
            {
                throw new MalformedFile(file, number, e.Message);
            }
        }
        return stories;
    }

    private sealed class Story
    {
        public required string Youth { get; init; }
        public required double HoursAgo { get; init; }
        public required string Text { get; init; }
        public required string Kind { get; init; }
        public required string Topic { get; init; }
        public required string Urgency { get; init; }
        public required string Category { get; init; }
        public required string Risk { get; init; }
        public string? AboutCadre { get; init; }
        public required List<Happened> Events { get; init; }

        [JsonIgnore]
        public long InquiryId { get; set; }
    }

    private sealed class Happened
    {
        public required double AfterHours { get; init; }
        public required string What { get; init; }
        public string? Text { get; init; }
        public string? To { get; init; }
        public string? Expert { get; init; }
        public string? Second { get; init; }
        public string? Reason { get; init; }
        public string? Outcome { get; init; }
        public int? Stars { get; init; }
        public string? Topic { get; init; }
        public string? Kind { get; init; }
        public string? Urgency { get; init; }
    }
}

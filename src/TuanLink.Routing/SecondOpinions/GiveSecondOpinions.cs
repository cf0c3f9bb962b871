using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Versions;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.SecondOpinions;

/// <summary>
/// After the turn, in the background: asks a language model about what came in. Its answer may raise a danger and never lowers one; a topic
/// is only shown to the human at the desk. Whatever fails, the youth and the cadre notice nothing (docs/decisions/0007).
/// </summary>
public sealed class GiveSecondOpinions(IDbContextFactory<RoutingDb> databases, ITransactions transactions, Rosters rosters, InquiryDesk desk, SorterInUse sorter,
    IChatClient model, IOptions<SecondOpinionOptions> options)
{
    private const int AtOnce = 4, MostAttempts = 3;
    private static readonly TimeSpan Recent = TimeSpan.FromHours(24), RetryAfter = TimeSpan.FromMinutes(2);

    /// <summary>Asks about some inquiries that wait for an opinion.</summary>
    /// <returns>How many were asked about; 0 when none waits.</returns>
    public async Task<int> GiveSome(DateTimeOffset now, CancellationToken cancel)
    {
        List<(long InquiryId, string Words)> waiting = await Waiting(now, cancel);
        await Task.WhenAll(waiting.Select(w => Give(w.InquiryId, w.Words, now, cancel)));
        return waiting.Count;
    }

    private async Task<List<(long, string)>> Waiting(DateTimeOffset now, CancellationToken cancel)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        DateTimeOffset since = now - Recent, again = now - RetryAfter;
        List<long> ids = await db.Inquiries
            .Where(i => (i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned) && i.CreatedAt >= since)
            // A picture alone says nothing to a model that reads.
            .Where(i => db.Messages.Any(m => m.InquiryId == i.Id && m.Author == Author.Youth && m.Text != ""))
            .Where(i => options.Value.Summaries || i.Status == InquiryStatus.AwaitingTriage)
            .Where(i => !db.SecondOpinions.Any(o => o.InquiryId == i.Id
                && (o.State == OpinionState.Given || o.State == OpinionState.Rejected || o.Attempts >= MostAttempts || o.AskedAt > again)))
            .OrderBy(i => i.Id).Select(i => i.Id).Take(AtOnce).ToListAsync(cancel);
        var words = (await db.Messages.Where(m => m.Author == Author.Youth && m.InquiryId != null && ids.Contains(m.InquiryId.Value)).OrderBy(m => m.Id)
            .Select(m => new { m.InquiryId, m.Text }).ToListAsync(cancel)).ToLookup(m => m.InquiryId!.Value, m => m.Text);
        return ids.ConvertAll(id => (id, string.Join('\n', words[id])));
    }

    private async Task Give(long inquiryId, string words, DateTimeOffset now, CancellationToken cancel)
    {
        if (!await transactions.Run((db, inner) => Claim(db, inquiryId, now, inner), cancel))
            return;
        IEnumerable<string> names = (await rosters.Current(cancel)).Handlers.Select(h => h.Name);
        string masked = Masking.Mask(words.Length > OpinionRequest.LongestMessage ? words[..OpinionRequest.LongestMessage] : words, names);
        (AskingOutcome outcome, Opinion? opinion) = masked.Trim().Length == 0 ? (AskingOutcome.NotTheSchema, null) : await Ask(masked, cancel);
        OpinionFigures.Count(outcome);
        await transactions.Run((db, inner) => Store(db, inquiryId, words, outcome, opinion, now, inner), CancellationToken.None);
    }

    // Claimed before it is asked: two nodes never ask about one inquiry, and a crash costs one attempt.
    private async Task<bool> Claim(RoutingDb db, long inquiryId, DateTimeOffset now, CancellationToken cancel)
    {
        SecondOpinion? row = await db.SecondOpinions.FindAsync([inquiryId], cancel);
        if (row is null)
            db.SecondOpinions.Add(row = new SecondOpinion { InquiryId = inquiryId });
        else if (row.State is OpinionState.Given or OpinionState.Rejected || row.Attempts >= MostAttempts || row.AskedAt > now - RetryAfter)
            return false;
        (row.State, row.AskedAt, row.Model) = (OpinionState.Asked, now, options.Value.Model);
        row.Attempts++;
        return true;
    }

    private async Task<(AskingOutcome, Opinion?)> Ask(string masked, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Value.TimeLimit);
        try
        {
            ChatResponse answer = await model.GetResponseAsync(OpinionRequest.About(masked), OpinionRequest.Options, limit.Token);
            return Opinion.Read(answer.Text, masked) is { } opinion ? (AskingOutcome.Given, opinion) : (AskingOutcome.NotTheSchema, null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (AskingOutcome.OutOfTime, null);
        }
        catch (FormatException)
        {
            return (AskingOutcome.NotTheSchema, null);
        }
        catch (HttpRequestException)
        {
            return (AskingOutcome.Unreachable, null);
        }
    }

    private async Task Store(RoutingDb db, long inquiryId, string words, AskingOutcome outcome, Opinion? opinion, DateTimeOffset now, CancellationToken cancel)
    {
        // Erased meanwhile: nothing of it is kept.
        if (await db.SecondOpinions.FindAsync([inquiryId], cancel) is not { } row)
            return;
        row.State = outcome switch { AskingOutcome.Given => OpinionState.Given, AskingOutcome.NotTheSchema => OpinionState.Rejected, _ => OpinionState.Failed };
        if (opinion is null)
            return;
        (row.Topic, row.Danger, row.Summary) = (opinion.Topic, opinion.Danger, opinion.Summary);
        Inquiry inquiry = await db.Inquiries.SingleAsync(i => i.Id == inquiryId, cancel);
        if (opinion.Danger > inquiry.Risk && inquiry.IsOpen && !await HumanJudgedDanger(db, inquiryId, cancel))
            await Raise(db, inquiry, words, opinion, now, cancel);
    }

    // Who is named and gave a reason knows more than a model that read the same words.
    private static Task<bool> HumanJudgedDanger(RoutingDb db, long inquiryId, CancellationToken cancel) =>
        db.SortingCorrections.AnyAsync(c => c.InquiryId == inquiryId && c.Risk != null, cancel);

    private async Task Raise(RoutingDb db, Inquiry inquiry, string words, Opinion opinion, DateTimeOffset now, CancellationToken cancel)
    {
        Conversation conversation = await db.Conversations.SingleAsync(c => c.Id == inquiry.ConversationId, cancel);
        Verdict verdict = sorter.Sort(words, TriageContext.First);
        IReadOnlyList<string> evidence = [.. verdict.Evidence.Append(opinion.Evidence).Where(e => e.Length > 0).Distinct()];
        await desk.RaiseRisk(db, conversation, inquiry, verdict with { Risk = opinion.Danger, Evidence = evidence }, null, now, cancel);
        db.Happened(inquiry.Id, now, Happening.RiskRaised, $"第二意见（模型 {options.Value.Model}）提示{ChineseNames.Of(opinion.Danger)}，请尽快核对原话");
        db.Notify(inquiry.HandlerId, $"{inquiry.Reference} 第二意见提示{ChineseNames.Of(opinion.Danger)}，请尽快核对", now, inquiry.Id, urgent: true);
    }
}

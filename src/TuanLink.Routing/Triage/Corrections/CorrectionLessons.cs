using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Corrections;

/// <summary>A correction with the words it is about.</summary>
public sealed record CorrectionWithWords(SortingCorrection Correction, string Text);

/// <summary>
/// What corrections teach, and what is set aside for measuring (by the text alone, as with the seeds). Pure: the same corrections give the
/// same lessons. Nobody outweighs the others: of one person only the newest count, up to a number, and the same words once.
/// </summary>
/// <param name="LessonIds">The ids of the corrections behind what is taught.</param>
public sealed record CorrectionLessons(IReadOnlyList<CorrectedMessage> Taught, IReadOnlyList<CorrectedMessage> HeldOut, IReadOnlyList<long> LessonIds)
{
    /// <param name="mostOfOnePerson">How many inquiries' corrections of one person count, taught and set aside together.</param>
    public static CorrectionLessons From(IReadOnlyList<CorrectionWithWords> corrections, int mostOfOnePerson)
    {
        var matters = corrections.Where(c => !string.IsNullOrWhiteSpace(c.Text)).OrderBy(c => c.Correction.Id)
            .GroupBy(c => c.Correction.InquiryId)
            .Select(g => (Ids: g.Select(c => c.Correction.Id).ToArray(), By: g.Last().Correction.ById, Message: Merge([.. g])))
            .Where(m => m.Message != new CorrectedMessage(m.Message.Text));
        var counted = matters
            .GroupBy(m => m.By)
            .SelectMany(person => person.OrderByDescending(m => m.Ids[^1]).DistinctBy(m => m.Message.Text).Take(mostOfOnePerson))
            .OrderBy(m => m.Ids[0]).ToList();
        var heldOut = counted.Where(m => TriageSeeds.IsHeldOut(m.Message.Text)).ToList();
        var taught = counted.Except(heldOut).ToList();
        return new([.. taught.Select(m => m.Message)], [.. heldOut.Select(m => m.Message)], [.. taught.SelectMany(m => m.Ids)]);
    }

    /// <summary>Reads corrections with their words: all that count now, or those with certain ids.</summary>
    public static async Task<List<CorrectionWithWords>> Read(RoutingDb db, IReadOnlyCollection<long>? ids, CancellationToken cancel)
    {
        IQueryable<SortingCorrection> wanted = ids is null ? db.SortingCorrections.Where(c => !c.SetAside) : db.SortingCorrections.Where(c => ids.Contains(c.Id));
        return (await wanted.AsNoTracking().Join(db.Messages.AsNoTracking(), c => c.MessageId, m => m.Id, (c, m) => new { c, m.Text }).ToListAsync(cancel))
            .ConvertAll(row => new CorrectionWithWords(row.c, row.Text));
    }

    // The last word about each field counts; of dangers the gravest, for a raise is never taken back by a later correction.
    private static CorrectedMessage Merge(IReadOnlyList<CorrectionWithWords> said)
    {
        var message = new CorrectedMessage(said[0].Text.Trim());
        foreach (var (c, _) in said)
        {
            message = message with { Topic = c.Topic ?? message.Topic, Kind = c.Kind ?? message.Kind, Urgency = c.Urgency ?? message.Urgency };
            // What lowers a danger is kept in the table, and taught to nobody.
            if (c.Risk is { } risk && risk > c.SaidRisk && (message.Danger is null || risk > message.Danger))
                message = message with { Danger = risk };
        }
        return message;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Database;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage.Corrections;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>
/// At night a challenger learns from the seeds and from what humans put right, and takes the champion's place only if it does better on
/// corrections it has not seen, no topic gets worse beyond chance, and no danger is overlooked that was seen before (docs/decisions/0007).
/// </summary>
public sealed class LearnFromCorrections(IDbContextFactory<RoutingDb> databases, ITransactions transactions, SorterInUse sorter, IOptions<LearningSettings> settings)
{
    /// <returns>1 if a challenger was trained, whatever came of it; 0 if too little is new.</returns>
    public async Task<int> LearnIfDue(DateTimeOffset now, CancellationToken cancel)
    {
        if (!settings.Value.Enabled)
            return 0;
        await sorter.ForgetErased(cancel);
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        long seen = await db.ModelVersions.MaxAsync(v => (long?)v.CorrectionsUntil, cancel) ?? 0;
        if (await db.SortingCorrections.CountAsync(c => !c.SetAside && c.Id > seen, cancel) < settings.Value.LeastNewCorrections)
            return 0;
        long championId = await SorterInUse.NamedIn(db, cancel);
        ModelVersion? champion = await db.ModelVersions.AsNoTracking().FirstOrDefaultAsync(v => v.Id == championId, cancel);
        List<CorrectionWithWords> corrections = await CorrectionLessons.Read(db, null, cancel);
        CorrectionLessons lessons = CorrectionLessons.From(corrections, settings.Value.MostOfOnePerson);
        if (lessons.Taught.Count == 0)
            return 0;

        IReadOnlyList<CorrectedMessage> known = champion is null ? [] : await SorterInUse.LessonsOf(db, champion, cancel);
        Comparison comparison = await Task.Run(() => CompareSorters.Compare(sorter.Seeds, sorter.Settings, known, lessons.Taught, lessons.HeldOut), cancel);
        IReadOnlyList<string> objections = comparison.Objections();
        var version = new ModelVersion
        {
            TrainedAt = now,
            ContentHash = sorter.Seeds.TaughtBy(lessons.Taught).ContentHash,
            ChampionId = championId,
            CorrectionsUntil = corrections.Max(c => c.Correction.Id),
            Lessons = string.Join(',', lessons.LessonIds),
            Taught = lessons.Taught.Count,
            HeldOut = lessons.HeldOut.Count,
            Judgement = objections.Count == 0 ? Judgement.Promoted : Judgement.Refused,
            Reason = objections.Count == 0 ? $"留出的更正上更好（{comparison.Corrections}），各主题没有变差，危险召回没有下降" : string.Join("；", objections),
            Figures = comparison.ToJson(),
        };
        // Its file is there before any node is told to use it.
        if (version.Judgement == Judgement.Promoted)
            await Task.Run(() => sorter.Learned(lessons.Taught), cancel);
        await transactions.Run((inner, stop) => Store(inner, version, now, stop), cancel);
        await sorter.TakeUp(cancel);
        return 1;
    }

    private static async Task Store(RoutingDb db, ModelVersion version, DateTimeOffset now, CancellationToken cancel)
    {
        // Another node may have done the same work meanwhile, or an administrator have chosen another champion: then this one only stays on record.
        if (await db.ModelVersions.AnyAsync(v => v.ChampionId == version.ChampionId && v.CorrectionsUntil == version.CorrectionsUntil, cancel))
            return;
        var stored = new ModelVersion
        {
            TrainedAt = version.TrainedAt, ContentHash = version.ContentHash, ChampionId = version.ChampionId, CorrectionsUntil = version.CorrectionsUntil,
            Lessons = version.Lessons, Taught = version.Taught, HeldOut = version.HeldOut, Judgement = version.Judgement, Reason = version.Reason, Figures = version.Figures,
        };
        db.ModelVersions.Add(stored);
        await db.SaveChangesAsync(cancel);
        if (stored.Judgement != Judgement.Promoted || await SorterInUse.NamedIn(db, cancel) != stored.ChampionId)
            return;
        await UseVersion.Name(db, stored.Id, cancel);
        db.Audit.Add(new AuditEntry { At = now, Actor = "system", Action = "启用分类模型版本", Subject = UseVersion.NameOf(stored.Id), Detail = stored.Reason });
    }
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Timeline;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>An administrator chooses the version that sorts: one promoted before, or what the seeds alone teach.</summary>
public static class UseVersion
{
    /// <summary>
    /// Names the version in the database; every node takes it up. Corrections newer than it are set aside, or the next night would learn
    /// again what was just taken back; those it was taught count again.
    /// </summary>
    /// <param name="id">0 for the seeds alone.</param>
    /// <param name="who">The account, for the audit.</param>
    /// <returns>False if there is no such promoted version, or it sorts already; then nothing was changed.</returns>
    public static async Task<bool> Choose(RoutingDb db, long id, string who, DateTimeOffset now, CancellationToken cancel)
    {
        ModelVersion? version = await db.ModelVersions.AsNoTracking().FirstOrDefaultAsync(v => v.Id == id && v.Judgement == Judgement.Promoted, cancel);
        long before = await SorterInUse.NamedIn(db, cancel);
        if ((id != 0 && version is null) || id == before)
            return false;
        long until = version?.CorrectionsUntil ?? 0;
        List<long> taught = [.. version?.LessonIds ?? []];
        int aside = await db.SortingCorrections.Where(c => c.Id > until && !c.SetAside).ExecuteUpdateAsync(set => set.SetProperty(c => c.SetAside, true), cancel);
        await db.SortingCorrections.Where(c => taught.Contains(c.Id)).ExecuteUpdateAsync(set => set.SetProperty(c => c.SetAside, false), cancel);
        await Name(db, id, cancel);
        db.Audit.Add(new AuditEntry { At = now, Actor = who, Action = "改用分类模型版本", Subject = NameOf(id), Detail = $"此前为{NameOf(before)}；{aside} 条更晚的更正不再用于学习" });
        return true;
    }

    /// <summary>"版本 3", "基础版本".</summary>
    public static string NameOf(long id) => id == 0 ? "基础版本" : string.Create(CultureInfo.InvariantCulture, $"版本 {id}");

    internal static async Task Name(RoutingDb db, long id, CancellationToken cancel)
    {
        string value = id.ToString(CultureInfo.InvariantCulture);
        if (await db.Settings.FirstOrDefaultAsync(s => s.Name == SorterInUse.SettingName, cancel) is { } named)
            named.Value = value;
        else
            db.Settings.Add(new Setting { Name = SorterInUse.SettingName, Value = value });
    }
}

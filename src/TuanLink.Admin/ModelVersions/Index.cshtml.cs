using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Database;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Admin.ModelVersions;

/// <summary>The versions of the sorter: what each learned, how it compared, which one sorts, and the way back by one click.</summary>
public sealed class IndexModel : AdminPage
{
    private const int Shown = 60;

    public List<(ModelVersion Version, Comparison Figures)> Versions { get; private set; } = [];
    public long InUse { get; private set; }
    public int Corrections { get; private set; }
    public int Waiting { get; private set; }
    public int SetAside { get; private set; }
    public LearningSettings Learning => Service<IOptions<LearningSettings>>().Value;

    public async Task OnGetAsync()
    {
        Versions = (await Db.ModelVersions.OrderByDescending(v => v.Id).Take(Shown).ToListAsync(Cancel)).ConvertAll(v => (v, Comparison.FromJson(v.Figures)));
        InUse = Service<SorterInUse>().Version;
        long seen = await Db.ModelVersions.MaxAsync(v => (long?)v.CorrectionsUntil, Cancel) ?? 0;
        Corrections = await Db.SortingCorrections.CountAsync(Cancel);
        SetAside = await Db.SortingCorrections.CountAsync(c => c.SetAside, Cancel);
        Waiting = await Db.SortingCorrections.CountAsync(c => !c.SetAside && c.Id > seen, Cancel);
    }

    public async Task<IActionResult> OnPostUseAsync(long id)
    {
        bool chosen = await Service<ITransactions>().Run((db, cancel) => UseVersion.Choose(db, id, Viewer.Name, Now, cancel), CancellationToken.None);
        if (chosen)
        {
            await Service<SorterInUse>().TakeUp(CancellationToken.None);
            Done = $"现在由{UseVersion.NameOf(id)}分类；其他节点会在一分钟内跟上。";
        }
        else
            Refused = "没有这个可用的版本，或它已经在使用。";
        return RedirectToPage();
    }
}

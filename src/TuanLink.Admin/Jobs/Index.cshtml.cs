using Microsoft.AspNetCore.Mvc;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Timeline;

namespace TuanLink.Admin.Jobs;

/// <summary>The timed jobs: schedule, runs, failures, run now; and in Development the clock.</summary>
public sealed class IndexModel(IJobsBoard board) : AdminPage
{
    public IJobsBoard Board => board;
    public IReadOnlyList<JobRun> Runs { get; private set; } = [];
    [FromQuery(Name = "failed")] public bool OnlyFailed { get; set; }

    public async Task OnGetAsync() => Runs = await board.LatestRuns(OnlyFailed, Cancel);

    public async Task<IActionResult> OnPostRunAsync(string key)
    {
        if (board.Jobs.All(j => j.Key != key))
            return NotFound();
        int done = await board.RunNow(key, CancellationToken.None);
        await Note("立即运行任务", key);
        Done = $"已运行，处理 {done} 项。";
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostClockAsync(int hours)
    {
        if (!board.MayMoveClock || hours is < 1 or > 24 * 30)
            return NotFound();
        await board.MoveClock(TimeSpan.FromHours(hours), CancellationToken.None);
        await Note("拨快开发时钟", $"{hours} 小时");
        Done = $"时钟已拨快 {hours} 小时，到期的任务已运行。";
        return RedirectToPage();
    }

    private Task Note(string action, string subject) => Try((db, _) =>
    {
        db.Audit.Add(new AuditEntry { At = Now, Actor = Viewer.Name, Action = action, Subject = subject });
        return Task.CompletedTask;
    }, "");
}

using TuanLink.Bot.Jobs;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Database;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.ResponseRates;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Bot;

/// <summary>The way of time: every timed job and its schedule on one page. Each is a plain method that takes the present moment.</summary>
public static class Timetable
{
    /// <summary>Cron with seconds, in UTC (Shanghai less eight hours). What must happen exactly once is guarded in the database, not by the schedule.</summary>
    public static IReadOnlyList<TimedJob> Jobs { get; } =
    [
        new("crisis-ladders", "危急逐级呼叫", "5/10/15 分钟无人确认即呼叫下一位、单位负责人、上级", "0/15 * * * * ?", "每 15 秒",
            (s, now, cancel) => s.GetRequiredService<ClimbCrisisLadders>().TakeDueSteps(now, cancel)),
        new("expire-offers", "到期转办请求", "专家或接收人未在期限内答复，仍由原处理人负责", "5 0/5 * * * ?", "每 5 分钟",
            (s, now, cancel) => s.Write((db, inner) => s.GetRequiredService<TransferInquiry>().ExpireOffers(db, now, inner), cancel)),
        new("begin-leaves", "请假交接", "请假开始时把在办诉求交给代理人", "10 0/5 * * * ?", "每 5 分钟",
            (s, now, cancel) => s.Write((db, inner) => s.GetRequiredService<HandOverItems>().BeginLeaves(db, now, inner), cancel)),
        new("chase-overdue", "催办", "50%、80% 提醒，100% 超时上报，再过一个工作日改派，之后逐级上报", "20 * * * * ?", "每分钟",
            (s, now, cancel) => s.GetRequiredService<ChaseOverdue>().TakeDueSteps(now, cancel)),
        new("ask-for-confirmation", "询问是否解决", "答复送达一段时间后，由系统询问青年是否解决并请其评分", "30 0/5 * * * ?", "每 5 分钟",
            (s, now, cancel) => s.Write((db, inner) => s.GetRequiredService<AskForConfirmation>().AskDue(db, now, inner), cancel)),
        new("close-unconfirmed", "关闭未确认", "询问后 7 天无回应则关闭，单独统计", "40 0/30 * * * ?", "每 30 分钟",
            (s, now, cancel) => s.Write((db, inner) => s.GetRequiredService<CloseUnconfirmed>().CloseDue(db, now, inner), cancel)),
        new("compile-problem-lists", "汇总问题清单", "按干部汇总本月反复出现的问题", "0 30 18 * * ?", "每天 02:30",
            (s, now, cancel) => s.GetRequiredService<CompileProblemList>().CompileDue(now, cancel)),
        new("close-response-periods", "关闭响应率月份", "月末后第 8 天关闭上月数字；之后的变化列为更正", "0 0 19 * * ?", "每天 03:00",
            (s, now, cancel) => s.GetRequiredService<CloseResponsePeriod>().CloseDue(now, cancel)),
        new("sweep-attachments", "清理无主附件", "中断的上传留下的、没有任何来信引用的附件内容，一天后删除", "0 0 20 * * ?", "每天 04:00",
            (s, now, cancel) => s.GetRequiredService<AttachmentBytes>().Sweep(now, cancel)),
        new("learn-from-corrections", "从人工更正中学习", "新的更正足够多时训练一个新版本，只有更好且没有变差才启用（见“模型版本”）", "0 30 19 * * ?", "每天 03:30",
            (s, now, cancel) => s.GetRequiredService<LearnFromCorrections>().LearnIfDue(now, cancel)),
    ];

    // Work by the hundred is done in portions, so that no turn of a youth ever waits behind a whole night's job.
    private static async Task<int> Write(this IServiceProvider services, Func<RoutingDb, CancellationToken, Task<int>> portion, CancellationToken cancel)
    {
        int all = 0;
        for (int done = -1; done != 0; all += done)
            done = await services.GetRequiredService<ITransactions>().Run(portion, cancel);
        return all;
    }
}

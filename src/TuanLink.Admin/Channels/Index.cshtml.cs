using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Youths;

namespace TuanLink.Admin.Channels;

/// <summary>How the channels are doing, and two ways to try one: sign in at it, and send fixed words to a conversation of one's own.</summary>
public sealed class IndexModel(IChannelsBoard board) : AdminPage
{
    public IReadOnlyList<ChannelLine> Lines { get; private set; } = [];
    public IReadOnlyList<FailingHost> Failing => board.Failing;

    public async Task OnGetAsync() => Lines = await board.Lines(Cancel);

    public async Task<IActionResult> OnPostSignInAsync(string channel)
    {
        string? failure = await board.TrySignIn(channel, Cancel);
        await Try((db, _) => Audited(db, "试登录渠道", channel), "登录成功，凭证有效。");
        if (failure is not null)
            (Done, Refused) = (null, failure);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostTestAsync(string? pseudonym)
    {
        await Try(async (db, cancel) =>
        {
            string name = pseudonym?.Trim() ?? "";
            Conversation to = await db.Conversations.Where(c => db.Youths.Any(y => y.Id == c.YouthId && y.Pseudonym == name && y.ErasedAt == null))
                .OrderByDescending(c => c.LastInboundAt).FirstOrDefaultAsync(cancel) ?? throw new NobodyOfThatName();
            db.Owe(to, Service<Wording>().Say("test_message"), Now);
            await Audited(db, "发送测试消息", name);
        }, "测试消息已排队，送达情况见下表和“送达”页。");
        return RedirectToPage();
    }

    private Task Audited(Routing.Database.RoutingDb db, string action, string subject)
    {
        db.Audit.Add(new AuditEntry { At = Now, Actor = Viewer.Name, Action = action, Subject = subject });
        return Task.CompletedTask;
    }
}

public sealed class NobodyOfThatName() : Refusal("没有这个代称的青年。请先用自己的手机进入渠道，欢迎语里会写出你的代称。");

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace TuanLink.Admin.Frame;

/// <summary>What is shown for a page that is not there or not for this person.</summary>
[AllowAnonymous, IgnoreAntiforgeryToken]
public sealed class StatusModel : PageModel
{
    public string Words { get; private set; } = "";
    public string Advice { get; private set; } = "";

    public void OnGet(int code) => (Words, Advice) = code switch
    {
        404 => ("没有这个页面", "它可能不存在，或者您无权查看。"),
        403 => ("您不能查看这一页", "如果工作需要，请联系上级管理员。"),
        400 => ("有一项填得不对", "请回到上一页检查后再提交；没有任何内容被改动。"),
        405 or 415 => ("不能这样打开", "请从页面上的按钮或链接进入。"),
        413 => ("内容太长", "请回到上一页缩短后再提交。"),
        _ => ("出了点问题", "我们已记录，请稍后再试。"),
    };

    public void OnPost(int code) => OnGet(code);
}

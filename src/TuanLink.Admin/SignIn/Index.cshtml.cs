using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace TuanLink.Admin.SignIn;

/// <summary>Signing in, until the browser is closed: office machines are shared. What is wrong is never said more exactly than that it is wrong.</summary>
[AllowAnonymous]
public sealed class IndexModel(SignInManager<Account> signIn) : PageModel
{
    [BindProperty] public string Name { get; set; } = "";
    [BindProperty] public string Password { get; set; } = "";
    [FromQuery(Name = "back")] public string? Back { get; set; }
    public string? Problem { get; private set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (string.IsNullOrWhiteSpace(Name) || string.IsNullOrEmpty(Password))
        {
            Problem = "请填写账号和密码。";
            return Page();
        }
        var result = await signIn.PasswordSignInAsync(Name.Trim(), Password, isPersistent: false, lockoutOnFailure: true);
        if (result.Succeeded)
            return LocalRedirect(Url.IsLocalUrl(Back) ? Back : "/");
        Problem = result.IsLockedOut ? "多次输错，账号暂时锁定，请几分钟后再试。" : "账号或密码不对。";
        Response.StatusCode = StatusCodes.Status200OK;
        return Page();
    }

    public async Task<IActionResult> OnPostOutAsync()
    {
        await signIn.SignOutAsync();
        return LocalRedirect("/sign-in");
    }
}

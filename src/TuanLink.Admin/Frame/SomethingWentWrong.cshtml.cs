using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace TuanLink.Admin.Frame;

[AllowAnonymous, IgnoreAntiforgeryToken]
public sealed class SomethingWentWrongModel : PageModel;

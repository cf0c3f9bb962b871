using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using TuanLink.Admin.Frame;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;

namespace TuanLink.Admin;

/// <summary>What cadres, experts, administrators and auditors see.</summary>
public static class AdminModule
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddDbContext<SignInDb>((provider, options) =>
            SignInModule.Use(options, provider.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        services.AddIdentityCore<Account>(identity =>
            {
                // Names are Chinese: any letter is allowed.
                identity.User.AllowedUserNameCharacters = "";
                identity.Password.RequiredLength = 10;
                identity.Password.RequireNonAlphanumeric = false;
                identity.Password.RequireUppercase = false;
                identity.Password.RequireLowercase = false;
                identity.Password.RequireDigit = false;
                identity.Lockout.MaxFailedAccessAttempts = 8;
            })
            .AddEntityFrameworkStores<SignInDb>().AddSignInManager().AddClaimsPrincipalFactory<AccountClaims>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/not-allowed";
            cookie.ReturnUrlParameter = "back";
            cookie.Cookie.Name = "tuanlink";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.SlidingExpiration = true;
            // Whoever holds no items has no list of them: their first page is the figures.
            cookie.Events.OnRedirectToAccessDenied = denied =>
            {
                denied.Response.Redirect(denied.Request.Path == "/" && HttpMethods.IsGet(denied.Request.Method) ? "/response-rates" : denied.RedirectUri);
                return Task.CompletedTask;
            };
        });
        services.AddAuthorizationBuilder()
            .AddPolicy("handlers", p => p.RequireClaim(AccountClaims.Role, nameof(Role.Cadre), nameof(Role.Expert), nameof(Role.UnitAdministrator), nameof(Role.SystemAdministrator)))
            .AddPolicy("cadres", p => p.RequireClaim(AccountClaims.Role, nameof(Role.Cadre), nameof(Role.UnitAdministrator), nameof(Role.SystemAdministrator)))
            .AddPolicy("administrators", p => p.RequireClaim(AccountClaims.Role, nameof(Role.UnitAdministrator), nameof(Role.SystemAdministrator)))
            .AddPolicy("figures", p => p.RequireClaim(AccountClaims.Role, nameof(Role.Cadre), nameof(Role.UnitAdministrator), nameof(Role.SystemAdministrator), nameof(Role.Auditor)))
            .AddPolicy("overview", p => p.RequireClaim(AccountClaims.Role, nameof(Role.UnitAdministrator), nameof(Role.SystemAdministrator), nameof(Role.Auditor)))
            .AddPolicy("system", p => p.RequireClaim(AccountClaims.Role, nameof(Role.SystemAdministrator)))
            .AddPolicy("audit", p => p.RequireClaim(AccountClaims.Role, nameof(Role.SystemAdministrator), nameof(Role.Auditor)));
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/";
            pages.Conventions.AuthorizeFolder("/Inquiries", "handlers").AuthorizeFolder("/Triage", "cadres").AuthorizeFolder("/Chases", "overview")
                .AuthorizeFolder("/ProblemLists", "figures").AuthorizeFolder("/ResponseRates", "figures").AuthorizeFolder("/Jobs", "system").AuthorizeFolder("/ModelVersions", "system")
                .AuthorizeFolder("/Outbox", "administrators").AuthorizeFolder("/Cadres", "cadres").AuthorizeFolder("/Audit", "audit")
                .AuthorizeFolder("/Notices", "handlers").AuthorizeFolder("/Contacts", "cadres").AuthorizeFolder("/Channels", "system").AuthorizeFolder("/Units", "cadres");
        })
            // A field left out is nothing, not a mistake of its own; each page says what it needs.
            .AddMvcOptions(mvc => mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true)
            .AddApplicationPart(typeof(AdminModule).Assembly);
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddAntiforgery(a => a.Cookie.Name = "tuanlink-form");
        services.AddScoped<AccountDesk>();
        services.AddSingleton<DemoAccounts>();
        return services;
    }

    /// <summary>The pages of one port: everything needs a sign-in but the sign-in itself and the style.</summary>
    public static void UseAdmin(this IApplicationBuilder admin)
    {
        admin.UseExceptionHandler("/something-went-wrong");
        admin.Use((http, next) =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers.CacheControl = "no-store";
            return next(http);
        });
        admin.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new EmbeddedFileProvider(typeof(AdminModule).Assembly, "TuanLink.Admin.wwwroot"),
            RequestPath = "/admin-assets",
            OnPrepareResponse = sent => sent.Context.Response.Headers.CacheControl = "public, max-age=3600",
        });
        admin.UseStatusCodePagesWithReExecute("/status/{0}");
        admin.UseRouting();
        admin.UseAuthentication();
        admin.UseAuthorization();
        // No fallback policy: it would hold for the other port of this process too. Every page asks for a sign-in here instead.
        admin.UseEndpoints(endpoints => endpoints.MapRazorPages().RequireAuthorization());
    }
}
